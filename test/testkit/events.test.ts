import { evaluateBatchResult, kinesisEvent, sqsEvent } from "@localemu/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evaluateBatchResponse } from "../../packages/emulator/src/services/lambda/event-source-mappings/batch-response.ts";
import { evaluateMessageResponse } from "../../packages/emulator/src/services/lambda/event-source-mappings/queue/message-response.ts";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream } from "../event-source-mappings/mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

/** The keys of a value at every depth, and the types of its leaves. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== "object" || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shapeOf(member)]));
}

/** What a function is given by a mapping of `source`. */
async function delivered(source: "stream" | "jobs" | "jobs.fifo"): Promise<unknown> {
  await using world = await mappedStream(server);
  const { emu } = world;
  await world.createFunction({ FunctionName: "f" }, "export const handler = () => Promise.resolve();");
  const fn = emu.function("f");
  if (source === "stream") {
    await emu.stream("orders").putJson([1, 2], { partitionKey: "key" });
    await fn.listen(emu.stream("orders"));
  } else {
    const options = source === "jobs" ? {} : { contentBasedDeduplication: true };
    const queue = await emu.createQueue(source, options);
    await queue.send("1", source === "jobs" ? {} : { groupId: "a" });
    await fn.listen(queue);
  }
  await emu.idle();
  return (await fn.invocations())[0]?.event;
}

test("an event has the shape of one that is delivered", async () => {
  expect(shapeOf(kinesisEvent([1, 2]))).toEqual(shapeOf(await delivered("stream")));
  expect(shapeOf(sqsEvent(["1"]))).toEqual(shapeOf(await delivered("jobs")));
  expect(shapeOf(sqsEvent(["1"], { queue: "jobs.fifo" }))).toEqual(shapeOf(await delivered("jobs.fifo")));
});

describe("a response is read as event source mappings read it", () => {
  const stream = kinesisEvent([1, 2, 3]);
  const queue = sqsEvent([1, 2, 3]);
  const identifiers = [
    ...stream.Records.map(({ kinesis }) => kinesis.sequenceNumber),
    ...queue.Records.map(({ messageId }) => messageId),
  ];
  const identifier = fc.oneof(fc.constantFrom(...identifiers), fc.constantFrom("", null, "7", `0${identifiers[0]}`));
  const report = fc.oneof(
    fc.array(fc.oneof(fc.record({ itemIdentifier: identifier }), fc.constantFrom(null, {})), { maxLength: 3 }),
    fc.constantFrom(null, "x", 1, {}),
  );
  const response = fc.oneof(fc.record({ batchItemFailures: report }), fc.constantFrom(null, "", [], {}, 5, "text"));

  test("of a stream", () => {
    const references = stream.Records.map(({ kinesis }) => ({
      sequence: kinesis.sequenceNumber,
      arrival: 0,
      expiresAt: 0,
      bytes: 0,
      laneKey: "",
    }));
    fc.assert(
      fc.property(response, (answer) => {
        const verdict = evaluateBatchResponse(JSON.stringify(answer), references);
        const { outcome, retried } = evaluateBatchResult(stream, answer);
        expect(outcome).toBe(verdict.kind === "functionError" ? "error" : verdict.kind);
        const firsts = {
          success: undefined,
          functionError: identifiers[0],
          partial: verdict.kind === "partial" && verdict.from,
        };
        expect(retried[0]?.kinesis.sequenceNumber).toBe(firsts[verdict.kind]);
      }),
    );
  });

  test("of a queue", () => {
    fc.assert(
      fc.property(response, (answer) => {
        const verdict = evaluateMessageResponse(JSON.stringify(answer), queue.Records);
        const { outcome, retried } = evaluateBatchResult(queue, answer);
        expect(outcome).toBe(verdict.kind === "functionError" ? "error" : verdict.kind);
        const all = queue.Records.map(({ messageId }) => messageId);
        const named = verdict.kind === "partial" ? all.filter((messageId) => verdict.failed.has(messageId)) : [];
        const expected = { success: [], functionError: all, partial: named };
        expect(retried.map(({ messageId }) => messageId)).toEqual(expected[verdict.kind]);
      }),
    );
  });
});
