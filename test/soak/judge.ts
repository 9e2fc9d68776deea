import { yardstick } from "./calls.ts";
import { delayedKinds } from "./worlds.ts";

/** Calls of a kind below which the slowest of a hundred says nothing. */
const fewestCalls = 300;
/** How many times longer the slowest of a hundred calls may take than the one in the middle. */
const mostTimes = 20;
/** How much more may be held at the end than near the beginning. */
const mostGrowth = 1.1;

export interface KindOfCall {
  readonly kind: string;
  readonly calls: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
}

export function kindsOf(durations: ReadonlyMap<string, readonly number[]>): readonly KindOfCall[] {
  return [...durations].map(([kind, values]) => {
    const sorted = values.toSorted((one, other) => one - other);
    const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
    return { kind, calls: sorted.length, p50: at(0.5), p99: at(0.99) };
  });
}

/** Whether others leave the machine so little that even calls of a server that does nothing are uneven: then latency says nothing. */
function isTooBusy(kinds: readonly KindOfCall[]): boolean {
  return kinds.some((one) => one.kind === yardstick && isUneven(one));
}

export function latencyProblems(kinds: readonly KindOfCall[]): readonly string[] {
  if (isTooBusy(kinds)) return [];
  return kinds
    .filter((one) => saysSomething(one) && isUneven(one))
    .map(({ kind, p50, p99 }) => `${kind}: p99 is ${p99.toFixed(1)} ms, p50 ${p50.toFixed(1)} ms`);
}

/** What a run could not judge, and why: then it has not passed, even if it found nothing. */
export function unjudged(kinds: readonly KindOfCall[], rounds: number): readonly string[] {
  const latency = isTooBusy(kinds)
    ? ["latency was not judged: the machine is too busy, as the yardstick shows"]
    : kinds.some((one) => one.kind !== yardstick && saysSomething(one))
      ? []
      : [`latency was not judged: no kind of calls was made ${fewestCalls} times`];
  const growth = rounds < 3 ? ["memory was not judged: that takes three rounds"] : [];
  return [...latency, ...growth];
}

function saysSomething({ kind, calls }: KindOfCall): boolean {
  return calls >= fewestCalls && !delayedKinds.has(kind);
}

function isUneven({ p50, p99 }: KindOfCall): boolean {
  return p99 > mostTimes * p50;
}

/** Whether what was held after each round stays: the last third of the rounds against those before it, without the first ones. */
export function growthProblems(what: string, values: readonly number[]): readonly string[] {
  const third = Math.floor(values.length / 3);
  if (third === 0) return [];
  const early = median(values.slice(third, 2 * third));
  const late = median(values.slice(-third));
  return late > early * mostGrowth ? [`${what} grew from ${early.toFixed(1)} to ${late.toFixed(1)} MiB`] : [];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
