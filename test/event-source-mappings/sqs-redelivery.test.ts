import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { jobs, MappedQueue, reportsFailures } from "./mapped-queue.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

const visibleIn = async (queue: MappedQueue) =>
  (await queue.events("mapping.messagesLeft")).map(({ records, visibleInMs }) => [records, visibleInMs]);

test("messages that succeed are deleted", async () => {
  await using queue = await MappedQueue.in(server);
  await queue.map();
  await queue.send(...jobs(1, 3));
  expect(await queue.emu.idle()).toEqual({ state: "idle" });
  expect(await queue.batches()).toEqual([[1, 2, 3]]);
  expect(await queue.messages()).toEqual([]);
});

// AWS: recorded on AWS.
test("messages of a batch that fails come again when their visibility time-out ends, good ones too", async () => {
  await using queue = await MappedQueue.in(server, { attributes: { VisibilityTimeout: "30" } });
  await queue.map();
  await queue.send({ id: 1 }, { id: 2, fail: "throw", times: 1 });
  expect(await queue.emu.idle()).toMatchObject({
    state: "sleeping",
    nextTimer: { label: "visibility time-out of a message in jobs", inMs: 30_000 },
  });
  await queue.emu.clock.advance(29_999);
  expect(await queue.batches()).toEqual([[1, 2]]);
  await queue.emu.clock.advance(1);
  expect(await queue.batches()).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(await queue.emu.idle()).toEqual({ state: "idle" });
  expect(await visibleIn(queue)).toEqual([[2, 30_000]]);
  const started = await queue.events("mapping.batchStarted");
  expect(started.map(({ attempt }) => attempt)).toEqual([1, 2]);
});

// AWS: the function sees a message exactly maxReceiveCount times (recorded on AWS).
test("a failing message goes to the dead-letter queue after three receives, without waiting", async () => {
  await using queue = await MappedQueue.in(server, {
    frozen: false,
    attributes: { VisibilityTimeout: "30" },
    maxReceiveCount: 3,
  });
  await queue.emu.clock.auto();
  const start = (await queue.emu.clock.read()).now;
  await queue.map({ BatchSize: 1 });
  await queue.send({ id: 1, fail: "throw" }, { id: 2 });
  expect(await queue.emu.idle()).toEqual({ state: "idle" });
  expect((await queue.batches()).flat().toSorted((a, b) => a - b)).toEqual([1, 1, 1, 2]);
  expect(await queue.messages()).toEqual([]);
  expect(await queue.deadLetters()).toMatchObject([{ body: '{"id":1,"fail":"throw"}', state: "visible" }]);
  const [redriven] = await queue.events("mapping.messagesRedriven");
  expect(redriven).toMatchObject({ queue: "jobs", records: 1, at: start + 90_000 });
  expect(redriven?.deadLetterQueue).toBe("arn:aws:sqs:us-east-1:000000000000:jobs-dead");
});

/** A function that makes its message visible while it has it, the first time. */
const revealing = `
  export const handler = async ({ Records: [{ receiptHandle, attributes }] }) => {
    if (attributes.ApproximateReceiveCount !== "1") return;
    const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": "AmazonSQS.ChangeMessageVisibility" };
    const body = { QueueUrl: process.env.QUEUE_URL, ReceiptHandle: receiptHandle, VisibilityTimeout: 0 };
    const reply = await fetch(process.env.AWS_ENDPOINT_URL, { method: "POST", headers, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(await reply.text());
  };`;

test("a message that becomes visible while it is processed is delivered once more, and the timeline says why", async () => {
  await using queue = await MappedQueue.in(server);
  const Environment = { Variables: { QUEUE_URL: queue.url } };
  await queue.world.createFunction({ FunctionName: "revealing", Environment }, revealing);
  await queue.map({ FunctionName: "revealing" });
  await queue.send({ id: 1 });
  expect(await queue.emu.idle()).toEqual({ state: "idle" });
  expect(await queue.messages()).toEqual([]);
  const started = await queue.events("mapping.batchStarted");
  expect(started.map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(await queue.events("mapping.messagesNotDeleted")).toMatchObject([{ queue: "jobs", records: 1 }]);
});

describe("partial failures", () => {
  // AWS: recorded on AWS.
  test("leave the messages that are named and delete the others", async () => {
    await using queue = await MappedQueue.in(server, { attributes: { VisibilityTimeout: "10" } });
    await queue.map(reportsFailures);
    await queue.send({ id: 1 }, { id: 2, fail: "report", times: 1 }, { id: 3 }, { id: 4, fail: "report", times: 2 });
    await queue.emu.clock.advance(20_000);
    expect(await queue.batches()).toEqual([[1, 2, 3, 4], [2, 4], [4]]);
    expect(await queue.messages()).toEqual([]);
    expect(await visibleIn(queue)).toEqual([
      [2, 10_000],
      [1, 10_000],
    ]);
  });

  // AWS: recorded on AWS, or in the AWS docs.
  test.each([
    ["another message", [{ itemIdentifier: "m-1" }]],
    ["nothing", [{ itemIdentifier: "" }]],
    ["null", [{ itemIdentifier: null }]],
    ["something else", [{ foo: "notvalid" }]],
  ])("that name %s fail the whole batch", async (_, batchItemFailures) => {
    await using queue = await MappedQueue.in(server);
    await queue.map(reportsFailures);
    await queue.send({ id: 1, say: { batchItemFailures } }, { id: 2 });
    expect(await queue.emu.idle()).toMatchObject({ state: "sleeping" });
    expect(await queue.messages()).toMatchObject([{ state: "inFlight" }, { state: "inFlight" }]);
    expect(await queue.events("mapping.batchFailed")).toMatchObject([{ kind: "badResponse", records: 2 }]);
  });

  // AWS: recorded on AWS.
  test.each([[{}], [null], [""], [{ batchItemFailures: [] }], [{ batchItemFailures: null }]])(
    "a response of %j is a success",
    async (say) => {
      await using queue = await MappedQueue.in(server);
      await queue.map(reportsFailures);
      await queue.send({ id: 1, say });
      expect(await queue.emu.idle()).toEqual({ state: "idle" });
      expect(await queue.messages()).toEqual([]);
    },
  );

  test("are not looked at where the mapping does not ask for them", async () => {
    await using queue = await MappedQueue.in(server);
    await queue.map();
    await queue.send({ id: 1, fail: "report" });
    expect(await queue.emu.idle()).toEqual({ state: "idle" });
    expect(await queue.messages()).toEqual([]);
  });
});
