import { decodeBytes } from "../decode.ts";
import { diffLines } from "./diff.ts";
import { isAsymmetric, isPlainObject, type Match, matches } from "./match.ts";
import { type Matcher, type MatcherContext, timeoutOf } from "./result.ts";
import { lastOnes, paragraph } from "./sections.ts";
import { showDuration } from "./show-duration.ts";
import { show } from "./show.ts";
import { isLike } from "./some.ts";

/**
 * Holds when a streamed response ends without an error and all of it together matches; where a list is expected, chunk by chunk.
 * Takes what InvokeWithResponseStream gives, a Response of `fetch`, or an async iterable of chunks, and reads it to its end:
 * it can be given to one assertion. HTTP keeps no boundaries of chunks, InvokeWithResponseStream does.
 */
export const toHaveStreamed: Matcher<Match | readonly Match[]> = async (received, expected, context) => {
  const source = chunksOf(received);
  if (source === undefined) {
    const kinds = "what InvokeWithResponseStream gives, a Response, or an async iterable of chunks";
    throw new TypeError(`toHaveStreamed takes ${kinds}, not ${show(received)}`);
  }
  const { chunks, problem, isOpen = false } = await readAll(source, timeoutOf(context));
  const whole = Buffer.concat(chunks);
  const isWhole = !Array.isArray(expected);
  const holds =
    problem === undefined && (isWhole ? isLikeBytes(expected, whole, context) : fit(expected, chunks, context));
  const text = (): string =>
    [
      `expect(stream)${context.isNot ? ".not" : ""}.toHaveStreamed(${isWhole ? "match" : "chunks"})`,
      [sentence(expected, isWhole, context.isNot), ...(problem === undefined ? [] : [problem])].join("\n"),
      ...(holds || problem !== undefined ? [] : difference(expected, whole, chunks, context)),
      chunks.length === 0
        ? "Nothing was streamed."
        : lastOnes(
            "Chunks",
            chunks.slice(-8).map((chunk) => show(textOf(chunk))),
            chunks.length,
          ),
    ].join("\n\n");
  return { pass: isOpen ? context.isNot : holds, message: text };
};

type Chunk = Uint8Array | string;

/** Undefined where it is nothing that streams. */
function chunksOf(received: unknown): AsyncIterable<unknown> | undefined {
  if (isAsyncIterable(received)) return received;
  if (typeof received !== "object" || received === null) return undefined;
  const inside: unknown =
    "EventStream" in received ? received.EventStream : "body" in received ? received.body : undefined;
  return isAsyncIterable(inside) ? inside : undefined;
}

interface Streamed {
  readonly chunks: readonly Uint8Array[];
  /** Why it did not end well. */
  readonly problem: string | undefined;
  /** It had not ended: what it is to become cannot be told. */
  readonly isOpen?: boolean;
}

/** Reads to the end, for at most so long. */
async function readAll(source: AsyncIterable<unknown>, timeoutMs: number): Promise<Streamed> {
  const chunks: Uint8Array[] = [];
  const late = AbortSignal.timeout(timeoutMs);
  const timedOut = new Promise<"late">((resolve) => late.addEventListener("abort", () => resolve("late")));
  const iterator = source[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([step(iterator), timedOut]);
    if (next === "late") {
      // Whoever streams is told that nobody reads any more; it need not answer.
      iterator.return?.().then(undefined, () => {});
      return { chunks, problem: `The stream had not ended after ${showDuration(timeoutMs)}.`, isOpen: true };
    }
    if ("failure" in next) return { chunks, problem: `The stream ended with ${String(next.failure)}` };
    if (next.done === true) return { chunks, problem: undefined };
    const found = readItem(next.value);
    if (found.chunk !== undefined) chunks.push(Buffer.from(found.chunk));
    if (found.problem !== undefined) return { chunks, problem: found.problem };
  }
}

async function step(
  iterator: AsyncIterator<unknown>,
): Promise<IteratorResult<unknown> | { readonly failure: unknown }> {
  try {
    return await iterator.next();
  } catch (failure) {
    return { failure };
  }
}

/** A chunk, or an event of InvokeWithResponseStream. */
function readItem(item: unknown): { readonly chunk?: Chunk; readonly problem?: string } {
  if (isChunk(item)) return { chunk: item };
  if (!isPlainObject(item)) throw new TypeError(`toHaveStreamed read what is no chunk: ${show(item)}`);
  const { PayloadChunk: part, InvokeComplete: end } = item;
  if (isPlainObject(part)) return isChunk(part["Payload"]) ? { chunk: part["Payload"] } : {};
  if (!isPlainObject(end) || end["ErrorCode"] === undefined) return {};
  return { problem: `The stream ended with ${show(end["ErrorCode"])}: ${show(end["ErrorDetails"])}` };
}

function isChunk(item: unknown): item is Chunk {
  return typeof item === "string" || item instanceof Uint8Array;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function fit(expected: readonly Match[], chunks: readonly Uint8Array[], context: MatcherContext): boolean {
  return (
    expected.length === chunks.length &&
    expected.every((match, index) => isLikeBytes(match, chunks[index] ?? new Uint8Array(), context))
  );
}

/** An asymmetric matcher may ask for the text of what is JSON, too. */
function isLikeBytes(match: Match, bytes: Uint8Array, { equals }: MatcherContext): boolean {
  if (isLike(match, decodeBytes(bytes), bytes, equals)) return true;
  return isAsymmetric(match) && matches(match, textOf(bytes), equals);
}

function difference(
  expected: Match | readonly Match[],
  whole: Uint8Array,
  chunks: readonly Uint8Array[],
  { equals }: MatcherContext,
): readonly string[] {
  const found = Array.isArray(expected) ? chunks.map(textOf) : textOf(whole);
  const wanted = typeof expected === "function" ? undefined : expected;
  if (wanted === undefined) return [];
  const actual = isPlainObject(wanted) ? decodeBytes(whole) : found;
  return [paragraph("Difference (- expected, + found):", diffLines(wanted, actual, equals))];
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

function sentence(expected: Match | readonly Match[], isWhole: boolean, isNot: boolean): string {
  const what = isWhole ? show(expected) : `the chunks ${show(expected)}`;
  return isNot ? `Expected another stream than ${what}.` : `Expected a stream of ${what}.`;
}
