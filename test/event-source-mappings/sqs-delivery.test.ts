import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { SendMessageCommandInput, SendMessageCommandOutput } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { queueArn, MappedQueue } from "./mapped-queue.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

const echo = `export const handler = async (event) => console.log(JSON.stringify({ echo: JSON.stringify(event) }));`;

/** Makes the queue's function say what it gets. */
async function echoing(options: Parameters<typeof MappedQueue.in>[1] = {}): Promise<MappedQueue> {
  const queue = await MappedQueue.in(server, options);
  await queue.world.createFunction({ FunctionName: "echo" }, echo);
  await queue.emu.clock.set(Date.UTC(2030, 0, 2, 3, 4, 5, 678));
  return queue;
}

async function sendOne(
  queue: MappedQueue,
  input: Omit<SendMessageCommandInput, "QueueUrl">,
): Promise<SendMessageCommandOutput> {
  return queue.world.clients.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, ...input }));
}

/** The event as the function had it, with the receipt handle that it cannot know taken out. */
async function echoed(queue: MappedQueue): Promise<string> {
  const [line] = await queue.world.logged("echo", "echo");
  const { echo: event }: { echo: string } = JSON.parse(line?.json ?? "");
  return event.replace(/"receiptHandle":"[0-9a-f-]{36}"/g, '"receiptHandle":"…"');
}

// AWS: keys and order recorded on AWS; `{"a": 1}` stays as it was sent, unlike JSON that was parsed and written anew.
test("the event is AWS's, key by key and byte by byte", async () => {
  await using queue = await echoing();
  await queue.map({ FunctionName: "echo" });
  const sent = await sendOne(queue, {
    MessageBody: '{"a" : 1.0, "ü":"\\u00fc"}',
    MessageAttributes: {
      priority: { DataType: "Number", StringValue: "6" },
      picture: { DataType: "Binary", BinaryValue: Buffer.from([1, 2, 3]) },
    },
  });
  await queue.emu.idle();
  expect(sent.MD5OfMessageAttributes).toMatch(/^[0-9a-f]{32}$/);
  expect(await echoed(queue)).toBe(
    `{"Records":[{"messageId":"${sent.MessageId}","receiptHandle":"…","body":"{\\"a\\" : 1.0, \\"ü\\":\\"\\\\u00fc\\"}",` +
      `"attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1893553445678","SenderId":"000000000000",` +
      `"ApproximateFirstReceiveTimestamp":"1893553445678"},"messageAttributes":{` +
      `"priority":{"stringValue":"6","stringListValues":[],"binaryListValues":[],"dataType":"Number"},` +
      `"picture":{"binaryValue":"AQID","stringListValues":[],"binaryListValues":[],"dataType":"Binary"}},` +
      `"md5OfMessageAttributes":"${sent.MD5OfMessageAttributes}","md5OfBody":"0eb20b4746f4570d61e95f6c64d18d6d",` +
      `"eventSource":"aws:sqs","eventSourceARN":"${queueArn("jobs")}","awsRegion":"us-east-1"}]}`,
  );
});

// AWS: recorded on AWS.
test.each([
  [0, ""],
  [1, '"md5OfMessageAttributes":null,'],
])("without attributes and with a window of %d s", async (MaximumBatchingWindowInSeconds, hash) => {
  await using queue = await echoing();
  await queue.map({ FunctionName: "echo", MaximumBatchingWindowInSeconds });
  await sendOne(queue, { MessageBody: "hello" });
  await queue.emu.clock.advance(1000);
  expect(await echoed(queue)).toContain(`"messageAttributes":{},${hash}"md5OfBody":"5d41402abc4b2a76b9719d911017c592"`);
});

// AWS: the order of the attributes (AWS docs).
test("a FIFO queue adds group, deduplication id and sequence number", async () => {
  await using queue = await echoing({ fifo: true });
  await queue.map({ FunctionName: "echo" });
  await sendOne(queue, { MessageBody: "hello", MessageGroupId: "a", MessageDeduplicationId: "once" });
  await queue.emu.idle();
  expect(await echoed(queue)).toContain(
    `"attributes":{"ApproximateReceiveCount":"1","SentTimestamp":"1893553445678",` +
      `"SequenceNumber":"00000000000000000001","MessageGroupId":"a","SenderId":"000000000000",` +
      `"MessageDeduplicationId":"once","ApproximateFirstReceiveTimestamp":"1893553445678"}`,
  );
});

describe("filters", () => {
  const Filters = (...patterns: readonly object[]) => ({
    FilterCriteria: { Filters: patterns.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) },
  });

  // AWS: the table of formats (AWS docs); what no filter matches is deleted at once.
  test.each<[what: string, pattern: object, body: string, delivered: boolean]>([
    ["JSON and a pattern for JSON that matches", { body: { a: [1] } }, '{"a":1}', true],
    ["JSON and a pattern for JSON that does not", { body: { a: [2] } }, '{"a":1}', false],
    ["JSON and a pattern for text", { body: ["hello"] }, '{"a":1}', false],
    ["text and a pattern for JSON", { body: { a: [1] } }, "hello", false],
    ["text and a pattern for text", { body: ["hello"] }, "hello", true],
    ["text and a pattern for metadata", { messageAttributes: { kind: { stringValue: ["x"] } } }, "hello", true],
    ["JSON and a pattern for other metadata", { messageAttributes: { kind: { stringValue: ["y"] } } }, "{}", false],
  ])("%s", async (_, pattern, MessageBody, delivered) => {
    await using queue = await echoing();
    await queue.map({ FunctionName: "echo", ...Filters(pattern) });
    await sendOne(queue, { MessageBody, MessageAttributes: { kind: { DataType: "String", StringValue: "x" } } });
    expect(await queue.emu.idle()).toEqual({ state: "idle" });
    expect(await queue.messages()).toEqual([]);
    expect((await queue.events("function.invoked")).length).toBe(delivered ? 1 : 0);
    expect((await queue.events("mapping.recordsFiltered")).length).toBe(delivered ? 0 : 1);
  });

  test("only what matches counts for a batch", async () => {
    await using queue = await MappedQueue.in(server);
    await queue.send(...Array.from({ length: 20 }, (_, id) => ({ id })));
    const wanted = Filters({ body: { id: [{ numeric: [">=", 14] }] } });
    await queue.map({ BatchSize: 4, MaximumBatchingWindowInSeconds: 1, ...wanted });
    await queue.emu.clock.advance(1000);
    expect(await queue.batches()).toEqual([
      [14, 15, 16, 17],
      [18, 19],
    ]);
    expect(await queue.messages()).toEqual([]);
  });
});
