import "@localemu/vitest/extend";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream } from "../event-source-mappings/mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

describe("streams", () => {
  test("records are put as text, bytes, gzip and JSON, to the shard that the hash key names", async () => {
    await using emu = await server.emu.createWorld();
    const stream = await emu.createStream("orders", { shards: 2 });
    const high = String(2n ** 128n - 1n);
    await stream.put("text", { partitionKey: "k", explicitHashKey: "0" });
    const results = await stream.putRecords([
      { data: Buffer.from([0xff, 0x00]), partitionKey: "k", explicitHashKey: high },
      { data: gzipSync('{"id":1}'), partitionKey: "k", explicitHashKey: high },
    ]);
    expect(results.map(({ shardId }) => shardId)).toEqual(["shardId-000000000001", "shardId-000000000001"]);
    const records = await stream.records();
    expect(records.map(({ data }) => data)).toEqual(["text", Buffer.from([0xff, 0x00]), { id: 1 }]);
  });

  test("a shard is split in the middle, and its halves are merged again", async () => {
    await using emu = await server.emu.createWorld();
    const stream = await emu.createStream("orders");
    await stream.split("shardId-000000000000");
    const { Shards: shards } = await emu.control.call("kinesis", "ListShards", { StreamName: "orders" });
    expect(shards).toMatchObject([
      { ShardId: "shardId-000000000000" },
      { HashKeyRange: { StartingHashKey: "0", EndingHashKey: String(2n ** 127n - 1n) } },
      { HashKeyRange: { StartingHashKey: String(2n ** 127n), EndingHashKey: String(2n ** 128n - 1n) } },
    ]);
    await stream.merge("shardId-000000000001", "shardId-000000000002");
    expect(Object.keys((await stream.cursor()).shards)).toHaveLength(4);
    await expect(stream.split("shardId-000000000009")).rejects.toThrow(
      "The stream orders has no shard shardId-000000000009",
    );
  });

  test("the cursor is where the stream ends", async () => {
    await using emu = await server.emu.createWorld();
    const stream = await emu.createStream("orders", { shards: 2 });
    const put = await stream.put("1", { partitionKey: "k", explicitHashKey: "0" });
    const after = await stream.cursor();
    expect(after).toEqual({ shards: { "shardId-000000000000": put.sequenceNumber, "shardId-000000000001": null } });
    await expect(stream).toHaveNoMoreRecords({ after });
    await stream.putJson([2], { partitionKey: "k" });
    await expect(stream).not.toHaveNoMoreRecords({ after });
  });
});

describe("queues, topics and buckets", () => {
  test("messages that are received too often go to the queue of the redrive policy", async () => {
    await using emu = await server.emu.createWorld();
    const dead = await emu.createQueue("dead");
    const queue = await emu.createQueue("jobs", {
      visibilityTimeoutSeconds: 0,
      redrive: { queue: dead, maxReceiveCount: 1 },
    });
    await queue.send({ job: 1 }, { attributes: { kind: "mail" } });
    for (let receives = 0; receives < 2; receives++) {
      await emu.control.call("sqs", "ReceiveMessage", { QueueUrl: queue.url });
    }
    await expect(dead).toHaveMessage({ job: 1 });
    await expect(queue).toBeEmpty();
  });

  test("messages of a FIFO queue are in order within their group", async () => {
    await using emu = await server.emu.createWorld();
    const queue = await emu.createQueue("jobs.fifo", { contentBasedDeduplication: true });
    for (const job of [1, 2, 3]) await queue.send({ job }, { groupId: job === 2 ? "b" : "a" });
    await expect(queue).toHaveMessages([{ job: 2 }, { job: 1 }, { job: 3 }]);
    await expect(queue).not.toHaveMessages([{ job: 3 }, { job: 1 }]);
  });

  test("a topic keeps what was published, and delivers it", async () => {
    await using emu = await server.emu.createWorld();
    const topic = await emu.createTopic("alerts");
    const [wrapped, raw] = [await emu.createQueue("wrapped"), await emu.createQueue("raw")];
    await topic.publish("before");
    await topic.subscribe(wrapped);
    await topic.subscribe(raw, { raw: true });
    await using fn = await emu.attachHandler("on-alert", async () => null);
    await topic.subscribe(fn);
    const messageId = await topic.publish({ level: "error" }, { subject: "About", attributes: { team: "a" } });

    await expect(topic).toHavePublished("before");
    await expect(topic).toHavePublished({ level: "error" });
    await expect(raw).toHaveMessage({ level: "error" });
    await expect(raw).not.toHaveMessage("before");
    await expect(fn).toHaveBeenInvokedWith({ Records: [{ Sns: { MessageId: messageId, Subject: "About" } }] });
    await expect(wrapped).toHaveMessage({ Subject: "About", MessageId: messageId });
    expect(await topic.messages()).toMatchObject([
      { message: "before", attributes: {} },
      { messageId, subject: "About", attributes: { team: { type: "String", value: "a" } }, data: { level: "error" } },
    ]);
    expect(await emu.control.peek.topic("alerts")).toMatchObject({
      topicArn: topic.arn,
      subscriptions: [{ protocol: "sqs", endpoint: wrapped.arn }, { endpoint: raw.arn }, { endpoint: fn.arn }],
    });
  });

  test("a FIFO topic takes messages of a group", async () => {
    await using emu = await server.emu.createWorld();
    const topic = await emu.createTopic("alerts.fifo", { contentBasedDeduplication: true });
    await topic.publish("hello", { groupId: "a" });
    await expect(topic.publish("hello")).rejects.toMatchObject({ name: "ControlError", code: "InvalidParameter" });
    expect(await topic.messages()).toMatchObject([{ message: "hello", groupId: "a" }]);
  });

  test("a bucket keeps objects, large ones too", async () => {
    await using emu = await server.emu.createWorld();
    const bucket = await emu.createBucket("reports");
    await bucket.put("a/ü b.json", { id: 1 });
    await bucket.put("large", "x".repeat(2 * 1024 * 1024));
    await expect(bucket).toHaveObject("a/ü b.json", { id: 1 });
    await expect(bucket).toHaveObject("large", (text: string) => text.length === 2 * 1024 * 1024);
    await expect(bucket).not.toHaveObject("other");
    expect((await emu.control.peek.bucket("reports")).objects).toMatchObject([
      { key: "a/ü b.json", contentType: "application/json", data: btoa('{"id":1}') },
      { key: "large", size: 2 * 1024 * 1024 },
    ]);
    await expect(emu.createBucket("No")).rejects.toMatchObject({ code: "InvalidBucketName", status: 400 });
  });

  test.each(["queue", "topic", "bucket", "function"] as const)("a %s that does not exist is an error", async (kind) => {
    await using emu = await server.emu.createWorld();
    await expect(emu.control.peek[kind]("gone")).rejects.toMatchObject({ code: "NotFound", status: 404 });
  });
});

describe("functions and mappings", () => {
  test("a function listens to a stream: batches, retries and halves, and where the rest goes", async () => {
    await using world = await mappedStream(server);
    const { emu } = world;
    const stream = emu.stream("orders");
    const fn = emu.function("orders-fn");
    await stream.putJson([{ id: 1 }, { id: 2, fail: "throw" }, { id: 3 }], { partitionKey: "k" });
    const mapping = await fn.listen(stream, {
      batchSize: 10,
      bisectOnError: true,
      maxRetries: 0,
      onFailure: emu.queue("orders-dlq"),
    });

    await expect(mapping).toHaveCaughtUp();
    await expect(fn).toHaveBatches([
      [{ id: 1 }, { id: 2 }, { id: 3 }],
      [{ id: 1 }, { id: 2 }],
      [{ id: 1 }],
      [{ id: 2 }],
      [{ id: 3 }],
    ]);
    await expect(fn).toHaveBeenInvoked(5);
    await expect(fn).toHaveBeenInvokedWith({ Records: [{ kinesis: { data: { id: 3 } } }] });
    await expect(emu.queue("orders-dlq")).toHaveFailedRecord({ id: 2 });
    const [last] = (await stream.records()).slice(-1);
    await expect(mapping).toHaveCheckpoint({
      shardId: "shardId-000000000000",
      sequenceNumber: last?.sequenceNumber ?? "",
    });
    expect((await fn.batches()).map(({ outcome, error }) => error ?? outcome)).toEqual([
      "Error: order 2 cannot be processed",
      "Error: order 2 cannot be processed",
      "success",
      "Error: order 2 cannot be processed",
      "success",
    ]);
  });

  test.each(["topic", "bucket"] as const)("a %s as on-failure destination", async (kind) => {
    await using world = await mappedStream(server);
    const { emu } = world;
    const onFailure = kind === "topic" ? await emu.createTopic("failures") : await emu.createBucket("failures");
    await emu.function("orders-fn").listen(emu.stream("orders"), { maxRetries: 0, onFailure });
    await emu.stream("orders").putJson([{ id: 1, fail: "throw" }], { partitionKey: "k" });

    await expect(onFailure).toHaveFailedRecord({ id: 1 });
    await expect(onFailure).toHaveFailedBatch({ condition: "RetryAttemptsExhausted", records: [{ id: 1 }] });
    await expect(onFailure).not.toHaveFailedRecord({ id: 2 });
  });

  test("a function listens to a queue, from where it was told, until it is stopped", async () => {
    await using world = await mappedStream(server);
    const { emu } = world;
    const fn = emu.function("echo");
    await world.createFunction(
      { FunctionName: "echo" },
      "export const handler = (event) => Promise.resolve(event.Records.length);",
    );
    const queue = await emu.createQueue("jobs");
    await queue.send({ job: 1 });
    const mapping = await fn.listen(queue, { batchSize: 1, filters: [{ body: { job: [1, 3] } }], maxConcurrency: 2 });
    await expect(mapping).toHaveCaughtUp();
    await expect(fn).toHaveBatches([[{ job: 1 }]]);

    await mapping.disable();
    await queue.send({ job: 3 });
    await expect(mapping).not.toHaveCaughtUp();
    expect((await mapping.peek()).state).toBe("Disabled");
    await mapping.enable();
    await expect(mapping).toHaveCaughtUp();
    await expect(fn).toHaveBatches([[{ job: 3 }], [{ job: 1 }]]);
    await mapping.delete();
    await expect(mapping.peek()).rejects.toMatchObject({ code: "NotFound" });
  });

  test("LATEST is where the stream ends when listening begins; a Date is a timestamp", async () => {
    await using world = await mappedStream(server, { frozen: true });
    const { emu } = world;
    const stream = emu.stream("orders");
    await stream.putJson([{ id: 1 }], { partitionKey: "k" });
    const { now } = await emu.clock.advance(10_000);
    const fn = emu.function("orders-fn");
    const mapping = await fn.listen(stream, { startingPosition: "LATEST" });
    await stream.putJson([{ id: 2 }], { partitionKey: "k" });
    await expect(fn).toHaveBatches([[{ id: 2 }]]);
    await mapping.delete();
    await fn.listen(stream, { startingPosition: new Date(now) });
    await expect(fn).toHaveBatches([[{ id: 2 }], [{ id: 2 }]]);
  });

  test("what was invoked, and what came of it", async () => {
    await using world = await mappedStream(server);
    const fn = world.emu.function("orders-fn");
    expect(await fn.invoke({ Records: [] })).toEqual({ payload: { batchItemFailures: [] }, functionError: undefined });
    expect(await fn.invoke({})).toMatchObject({ functionError: "Unhandled", payload: { errorType: "TypeError" } });
    expect(await fn.invocations()).toMatchObject([
      { source: "Invoke", event: { Records: [] }, outcome: "success", response: { batchItemFailures: [] } },
      { event: {}, outcome: "error", error: expect.stringMatching(/^TypeError: /) },
    ]);
    await world.emu.control.call("lambda", "PutFunctionConcurrency", {
      FunctionName: "orders-fn",
      ReservedConcurrentExecutions: 5,
    });
    expect(await world.emu.control.peek.functions()).toEqual([
      {
        functionName: "orders-fn",
        functionArn: fn.arn,
        runtime: "nodejs24.x",
        state: "Active",
        reservedConcurrency: 5,
        invoked: 2,
        running: 0,
        environments: [{ environment: expect.any(String), state: "ready" }],
      },
    ]);
  });
});
