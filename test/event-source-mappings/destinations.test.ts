import { CreateEventSourceMappingCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteQueueCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { functionArn, mappedStream, queueArn, role, streamArn, toQueue } from "./mapped-stream.ts";
import type { MappedStream } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ clock: "frozen" });
});

afterAll(() => server[Symbol.asyncDispose]());

const start = Date.UTC(2030, 0, 1);

/** Puts two orders a second apart, of which the second fails for good, and gives what the report says of them. */
async function failBatch(world: MappedStream, OnFailure: { readonly Destination: string }) {
  await world.emu.clock.set(start);
  const [from = ""] = await world.put({ id: 1, customer: "a" });
  await world.emu.clock.advance(1500);
  const [to = ""] = await world.put({ id: 2, customer: "b", fail: "throw" });
  const mapping = await world.map({ MaximumRetryAttempts: 1, DestinationConfig: { OnFailure } });
  await world.emu.clock.advance(25);
  await world.emu.idle();
  const [, last] = await world.events("function.invoked");
  const document =
    `{"requestContext":{"requestId":"${last?.requestId}","functionArn":"${functionArn}",` +
    `"condition":"RetryAttemptsExhausted","approximateInvokeCount":2},` +
    `"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},` +
    `"version":"1.0","timestamp":"2030-01-01T00:00:01.525Z",` +
    `"KinesisBatchInfo":{"shardId":"shardId-000000000000","startSequenceNumber":"${from}","endSequenceNumber":"${to}",` +
    `"approximateArrivalOfFirstRecord":"2030-01-01T00:00:00.000Z","approximateArrivalOfLastRecord":"2030-01-01T00:00:01.500Z",` +
    `"batchSize":2,"streamArn":"${streamArn}"}`;
  return { mapping, document, from, to };
}

test("a queue gets AWS's document, byte by byte", async () => {
  await using world = await mappedStream(server);
  const { document } = await failBatch(world, toQueue.OnFailure);
  expect(await world.reports()).toEqual([`${document}}`]);
  expect(await world.events("mapping.failureReported")).toMatchObject([{ records: 2, destination: queueArn }]);
});

test("a mapping to a qualified function names it so", async () => {
  await using world = await mappedStream(server);
  await world.map({ FunctionName: "orders-fn:$LATEST", MaximumRetryAttempts: 0, DestinationConfig: toQueue });
  await world.put({ id: 1, fail: "throw" });
  await world.emu.idle();
  const [report = ""] = await world.reports();
  expect(report).toContain(`"functionArn":"${functionArn}:$LATEST","condition"`);
});

test("a topic gets the same document", async () => {
  await using world = await mappedStream(server);
  const sns = new SNSClient(world.emu.getClientConfig());
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "failures" }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queueArn }));
  const { document } = await failBatch(world, { Destination: TopicArn });
  const [notification = ""] = await world.reports();
  expect(JSON.parse(notification)).toMatchObject({ Type: "Notification", TopicArn, Message: `${document}}` });
});

test("a bucket gets an object with the document and the event itself", async () => {
  await using world = await mappedStream(server);
  const s3 = new S3Client(world.emu.getClientConfig());
  await s3.send(new CreateBucketCommand({ Bucket: "failures" }));
  const { mapping, document, from, to } = await failBatch(world, { Destination: "arn:aws:s3:::failures" });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "failures" }));
  expect(Contents).toHaveLength(1);
  const [{ Key = "" } = {}] = Contents;
  const folder = `aws/lambda/${mapping}/shardId-000000000000/2030/01/01/2030-01-01T00.00.01-`;
  expect(Key.slice(0, folder.length)).toBe(folder);
  expect(Key.slice(folder.length)).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);

  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "failures", Key }));
  const record = (sequenceNumber: string, partitionKey: string, data: string, arrival: string) =>
    `{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"${partitionKey}","sequenceNumber":"${sequenceNumber}",` +
    `"data":"${Buffer.from(data).toString("base64")}","approximateArrivalTimestamp":${arrival}},` +
    `"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"shardId-000000000000:${sequenceNumber}",` +
    `"eventName":"aws:kinesis:record","invokeIdentityArn":"${role}","awsRegion":"us-east-1","eventSourceARN":"${streamArn}"}`;
  const event = `{"Records":[${record(from, "a", '{"id":1}', "1893456000")},${record(to, "b", '{"id":2,"fail":"throw"}', "1893456001.5")}]}`;
  expect(await Body?.transformToString()).toBe(`${document},"payload":${JSON.stringify(event)}}`);
});

describe("a destination that does not exist", () => {
  test.each([
    ["queue", "arn:aws:sqs:us-east-1:000000000000:nowhere"],
    ["topic", "arn:aws:sns:us-east-1:000000000000:nowhere"],
    ["bucket", "arn:aws:s3:::nowhere"],
  ])("(%s) does not keep the records from being discarded, and the timeline says so", async (_, Destination) => {
    await using world = await mappedStream(server);
    await world.map({ MaximumRetryAttempts: 0, BatchSize: 1, DestinationConfig: { OnFailure: { Destination } } });
    await world.put({ id: 1, fail: "throw" }, { id: 2 });
    await world.emu.idle();
    expect(await world.batches()).toEqual([[1], [2]]);
    expect(await world.events("mapping.failureReportFailed")).toMatchObject([
      { records: 1, destination: Destination, error: expect.stringMatching(/not exist/i) },
    ]);
    expect(await world.events("mapping.recordsDiscarded")).toHaveLength(1);
    expect(await world.events("internalError")).toEqual([]);
  });
});

describe("a destination that is deleted since", () => {
  const Destinations = {
    queue: queueArn,
    topic: "arn:aws:sns:us-east-1:000000000000:failures",
    bucket: "arn:aws:s3:::failures",
  };

  async function deleted(world: MappedStream, what: keyof typeof Destinations) {
    const sns = new SNSClient(world.emu.getClientConfig());
    const s3 = new S3Client(world.emu.getClientConfig());
    const { sqs } = world.clients;
    if (what === "topic") await sns.send(new CreateTopicCommand({ Name: "failures" }));
    if (what === "bucket") await s3.send(new CreateBucketCommand({ Bucket: "failures" }));
    return {
      async delete() {
        if (what === "topic") await sns.send(new DeleteTopicCommand({ TopicArn: Destinations.topic }));
        else if (what === "bucket") await s3.send(new DeleteBucketCommand({ Bucket: "failures" }));
        else {
          const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "orders-dlq" }));
          await sqs.send(new DeleteQueueCommand({ QueueUrl }));
        }
      },
    };
  }

  test.each(["queue", "topic", "bucket"] as const)("(%s) is told of, and its batch is skipped", async (what) => {
    await using world = await mappedStream(server);
    const destination = await deleted(world, what);
    const OnFailure = { Destination: Destinations[what] };
    await world.map({ MaximumRetryAttempts: 1, BatchSize: 1, DestinationConfig: { OnFailure } });
    await world.put({ id: 1, fail: "throw" }, { id: 2 });
    await world.emu.idle();
    await destination.delete();
    await world.emu.clock.advance(25);
    expect(await world.batches()).toEqual([[1], [1], [2]]);
    expect(await world.events("mapping.failureReportFailed")).toMatchObject([
      { records: 1, destination: OnFailure.Destination, error: expect.stringMatching(/not exist/i) },
    ]);
    expect(await world.events("mapping.recordsDiscarded")).toHaveLength(1);
    expect(await world.events("internalError")).toEqual([]);
  });
});

describe("the destination that is in force when a batch is discarded gets its report", () => {
  const update = async (world: MappedStream, UUID: string, Destination: string) => {
    const DestinationConfig = { OnFailure: { Destination } };
    await world.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, DestinationConfig }));
  };

  test("one that was set between two tries", async () => {
    await using world = await mappedStream(server);
    await world.clients.sqs.send(new CreateQueueCommand({ QueueName: "other-dlq" }));
    const UUID = await world.map({ MaximumRetryAttempts: 1, DestinationConfig: toQueue });
    await world.put({ id: 1, fail: "throw" });
    await world.emu.idle();
    await update(world, UUID, "arn:aws:sqs:us-east-1:000000000000:other-dlq");
    await world.emu.idle();
    await world.emu.clock.advance(25);
    expect(await world.reports()).toEqual([]);
    expect(await world.emu.queue("other-dlq").messages()).toHaveLength(1);
  });

  test("none, once it was taken back", async () => {
    await using world = await mappedStream(server);
    const UUID = await world.map({ MaximumRetryAttempts: 1, DestinationConfig: toQueue });
    await world.put({ id: 1, fail: "throw" });
    await world.emu.idle();
    await update(world, UUID, "");
    await world.emu.idle();
    await world.emu.clock.advance(25);
    expect(await world.events("mapping.recordsDiscarded")).toHaveLength(1);
    expect(await world.reports()).toEqual([]);
  });
});

describe("a destination that reports cannot go to is refused when the mapping is made", () => {
  test.each([
    ["a FIFO queue", "arn:aws:sqs:us-east-1:000000000000:orders.fifo"],
    ["a FIFO topic", "arn:aws:sns:us-east-1:000000000000:orders.fifo"],
    ["a function", functionArn],
    ["an event bus", "arn:aws:events:us-east-1:000000000000:event-bus/default"],
  ])("%s", async (_, Destination) => {
    await using world = await mappedStream(server);
    await expect(world.map({ DestinationConfig: { OnFailure: { Destination } } })).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: `The destination ARN ${Destination} is invalid.`,
      $metadata: { httpStatusCode: 400 },
    });
    expect(await world.emu.mappings()).toEqual([]);
  });

  test("a Kafka topic is not offered", async () => {
    await using world = await mappedStream(server);
    const { lambda } = world.clients;
    const create = new CreateEventSourceMappingCommand({
      EventSourceArn: streamArn,
      FunctionName: "orders-fn",
      StartingPosition: "LATEST",
      DestinationConfig: { OnFailure: { Destination: "kafka://failures" } },
    });
    await expect(lambda.send(create)).rejects.toMatchObject({
      name: "NotImplementedException",
      $metadata: { httpStatusCode: 501 },
    });
  });
});
