import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { memoryDocuments } from "../../packages/emulator/src/storage/memory-documents.ts";
import type { DocumentStore } from "../../packages/emulator/src/storage/document-store.ts";
import { lambdaWorld, textOf } from "./lambda-world.ts";
import type { LambdaWorld } from "./lambda-world.ts";
import { scriptedRuntime } from "./scripted-runtime.ts";

const FunctionName = "orders";
const destination = "arn:aws:sqs:us-east-1:000000000000:dlq";

/** An emulator whose function and destination are in the test's hands. */
async function emulator(documents: DocumentStore) {
  const runtime = scriptedRuntime();
  const reports: { readonly body: string; readonly taken: () => void }[] = [];
  const world = await lambdaWorld({
    documents,
    runtime,
    openDestination: () => ({
      send: (body) => new Promise((taken) => void reports.push({ body, taken })),
    }),
  });
  world.clock.setMode("frozen");
  /** Kept code is unpacked for the first invocation, which takes what the disk takes. */
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise((done) => setImmediate(done));
  };
  const invocations = () => runtime.pools.flatMap((pool) => pool.invocations);
  return {
    world,
    reports,
    invocations,
    invoked: (times: number) => until(() => invocations().length === times),
    reported: () => until(() => reports.length === 1),
    waits: () => until(() => world.clock.hasWorkTimers),
    finished: () => until(() => documents.read("lambda.events").length === 0),
    answer(failed: boolean) {
      const payload = Buffer.from(failed ? '{"errorType":"Error","errorMessage":"no"}' : "1");
      const outcome = { payload, contentType: "application/json", logTail: "", durationMs: 1 };
      runtime.pools[0]?.answer(
        failed ? { kind: "functionError", error: "unhandled", ...outcome } : { kind: "success", ...outcome },
      );
    },
    pass(ms: number) {
      world.clock.moveTo(world.clock.now() + ms);
      world.clock.fireDue();
    },
    async [Symbol.asyncDispose]() {
      for (const { taken } of reports) taken();
      await world[Symbol.asyncDispose]();
    },
  };
}

const put = async (world: LambdaWorld) => {
  const { operations } = world.lambda;
  await world.create(FunctionName, "");
  const config = { FunctionName, DestinationConfig: { OnFailure: { Destination: destination } } };
  await operations.PutFunctionEventInvokeConfig(config, world.call());
  const request = { FunctionName, InvocationType: "Event", Payload: Buffer.from('{"order":1}') } as const;
  expect(await operations.Invoke(request, world.call({ requestId: "the-request" }))).toMatchObject({ StatusCode: 202 });
};

test("an event that was accepted is invoked by the next emulator", async () => {
  const documents = memoryDocuments();
  await using killed = await emulator(documents);
  await put(killed.world);
  await killed.invoked(1);
  await using next = await emulator(documents);
  await next.invoked(1);
  const [invocation] = next.invocations();
  expect(invocation?.requestId).toBe("the-request");
  expect(textOf(invocation?.payload)).toBe('{"order":1}');
  next.answer(false);
  await next.finished();
  expect(documents.read("lambda.eventProgress")).toEqual([]);
  await using last = await emulator(documents);
  await last.world.settled();
  expect(last.invocations()).toEqual([]);
});

test("attempts and waits go on where they were", async () => {
  const documents = memoryDocuments();
  await using killed = await emulator(documents);
  await put(killed.world);
  await killed.invoked(1);
  killed.answer(true);
  await killed.waits();
  await using next = await emulator(documents);
  await next.world.settled();
  expect(next.invocations()).toEqual([]);
  expect(next.world.clock.hasWorkTimers).toBe(true);
  next.pass(60_000);
  await next.invoked(1);
  next.answer(true);
  await next.waits();
  next.pass(120_000);
  await next.invoked(2);
  next.answer(true);
  await next.reported();
  expect(JSON.parse(next.reports[0]?.body ?? "")).toMatchObject({
    requestContext: { requestId: "the-request", condition: "RetriesExhausted", approximateInvokeCount: 3 },
  });
});

test("a report that was under way is sent again, and the function is left alone", async () => {
  const documents = memoryDocuments();
  await using killed = await emulator(documents);
  await put(killed.world);
  for (const [attempt, waitMs] of [60_000, 120_000].entries()) {
    await killed.invoked(attempt + 1);
    killed.answer(true);
    await killed.waits();
    killed.pass(waitMs);
  }
  await killed.invoked(3);
  killed.answer(true);
  await killed.reported();
  await using next = await emulator(documents);
  await next.reported();
  const { timestamp: _, ...report } = JSON.parse(killed.reports[0]?.body ?? "");
  expect(JSON.parse(next.reports[0]?.body ?? "")).toEqual({ ...report, timestamp: expect.any(String) });
  next.reports[0]?.taken();
  await next.finished();
  expect(next.invocations()).toEqual([]);
});

test("an event whose function's kept code cannot be unpacked is tried again, as is the unpacking", async () => {
  const documents = memoryDocuments();
  {
    await using first = await emulator(documents);
    await first.world.create(FunctionName, "");
  }
  await using next = await emulator(documents);
  // Stands in for a full disk: the zip cannot be written where a directory is.
  await mkdir(join(next.world.workDirectory, "code", "code-1.zip"), { recursive: true });
  const { operations } = next.world.lambda;
  const request = { FunctionName, InvocationType: "Event", Payload: Buffer.from("{}") } as const;
  await operations.Invoke(request, next.world.call());
  await next.waits();
  const scheduled = next.world.events().find(({ type }) => type === "function.eventRetryScheduled");
  expect(scheduled).toMatchObject({ reason: "serviceError", error: expect.stringContaining("EISDIR") });
  next.pass(1000);
  await next.invoked(1);
  next.answer(false);
  await next.finished();
});

test("an attempt that a stop cuts short counts for nothing: the next emulator begins it anew, however old the event is", async () => {
  const documents = memoryDocuments();
  const stopped = await emulator(documents);
  await put(stopped.world);
  const config = { FunctionName, MaximumEventAgeInSeconds: 60 };
  await stopped.world.lambda.operations.UpdateFunctionEventInvokeConfig(config, stopped.world.call());
  await stopped.invoked(1);
  stopped.pass(59_500);
  await stopped[Symbol.asyncDispose]();
  expect(stopped.reports).toEqual([]);
  expect(documents.read("lambda.events")).toHaveLength(1);
  expect(documents.read("lambda.eventProgress")).toEqual([]);
  await using next = await emulator(documents);
  await next.invoked(1);
  next.answer(false);
  await next.finished();
});
