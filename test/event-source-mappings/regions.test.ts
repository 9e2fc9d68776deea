import { CreateStreamCommand, KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { CreateEventSourceMappingCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetEventSourceMappingCommand, ListEventSourceMappingsCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";

/** Where everything is; the mapping is where its function is. */
const regions = { source: "us-east-1", fn: "eu-west-1", destination: "ap-southeast-2" } as const;

const streamArn = `arn:aws:kinesis:${regions.source}:000000000000:stream/orders`;
const queueArn = (region: string, name: string) => `arn:aws:sqs:${region}:000000000000:${name}`;
const functionArn = `arn:aws:lambda:${regions.fn}:000000000000:function:orders`;
const code = zipSync({
  "index.mjs": Buffer.from("export const handler = (event) => { throw new Error(event.Records[0].awsRegion); };"),
});

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

/** A world with the function that always fails, and clients of the three regions. */
async function world() {
  const emu = await server.emu.createWorld();
  const at = (region: string) => ({ ...emu.getClientConfig(), region });
  const lambda = new LambdaClient(at(regions.fn));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "orders",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/orders",
      Code: { ZipFile: code },
    }),
  );
  return {
    emu,
    lambda,
    kinesis: new KinesisClient(at(regions.source)),
    sqs: new SQSClient(at(regions.destination)),
    sqsAtSource: new SQSClient(at(regions.source)),
    sns: new SNSClient(at(regions.destination)),
    s3: new S3Client(at(regions.destination)),
    [Symbol.asyncDispose]: () => emu.close(),
  };
}

type World = Awaited<ReturnType<typeof world>>;

async function failOnce({ emu, kinesis, lambda }: World, Destination: string) {
  await kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
  await kinesis.send(new PutRecordCommand({ StreamName: "orders", PartitionKey: "a", Data: Buffer.from("order") }));
  const create = new CreateEventSourceMappingCommand({
    EventSourceArn: streamArn,
    FunctionName: "orders",
    StartingPosition: "TRIM_HORIZON",
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: { Destination } },
  });
  const mapping = await lambda.send(create);
  await emu.idle();
  return mapping;
}

async function messageOf({ sqs }: World, QueueUrl: string | undefined) {
  const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  return JSON.parse(message?.Body ?? "{}");
}

const report = { requestContext: { functionArn }, KinesisBatchInfo: { streamArn } };

describe("a stream, a function and a destination of three regions", () => {
  test("work together with a queue", async () => {
    await using all = await world();
    const { QueueUrl } = await all.sqs.send(new CreateQueueCommand({ QueueName: "failures" }));
    const mapping = await failOnce(all, queueArn(regions.destination, "failures"));
    expect(mapping).toMatchObject({
      FunctionArn: functionArn,
      EventSourceMappingArn: `arn:aws:lambda:${regions.fn}:000000000000:event-source-mapping:${mapping.UUID}`,
    });
    expect(await messageOf(all, QueueUrl)).toMatchObject(report);
  });

  test("work together with a topic", async () => {
    await using all = await world();
    const { QueueUrl } = await all.sqs.send(new CreateQueueCommand({ QueueName: "failures" }));
    const { TopicArn } = await all.sns.send(new CreateTopicCommand({ Name: "failures" }));
    const Endpoint = queueArn(regions.destination, "failures");
    await all.sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
    await failOnce(all, `arn:aws:sns:${regions.destination}:000000000000:failures`);
    const { Message } = await messageOf(all, QueueUrl);
    expect(JSON.parse(Message)).toMatchObject(report);
  });

  test("work together with a bucket, and the event names the stream's region", async () => {
    await using all = await world();
    await all.s3.send(new CreateBucketCommand({ Bucket: "failures" }));
    await failOnce(all, "arn:aws:s3:::failures");
    const { Contents: [{ Key } = {}] = [] } = await all.s3.send(new ListObjectsV2Command({ Bucket: "failures" }));
    const { Body } = await all.s3.send(new GetObjectCommand({ Bucket: "failures", Key }));
    const { payload, ...document } = JSON.parse((await Body?.transformToString()) ?? "{}");
    expect(document).toMatchObject(report);
    expect(JSON.parse(payload)).toMatchObject({ Records: [{ awsRegion: regions.source, eventSourceARN: streamArn }] });
  });
});

test("a queue and a function of two regions work together", async () => {
  await using all = await world();
  const { emu, lambda, sqsAtSource } = all;
  // The message stays in flight after its failure; that is not to be waited for.
  await emu.clock.freeze();
  const { QueueUrl } = await sqsAtSource.send(new CreateQueueCommand({ QueueName: "orders" }));
  const EventSourceArn = queueArn(regions.source, "orders");
  await lambda.send(new CreateEventSourceMappingCommand({ EventSourceArn, FunctionName: "orders" }));
  await emu.idle();
  await sqsAtSource.send(new SendMessageCommand({ QueueUrl, MessageBody: "order" }));
  await emu.idle();
  expect(await emu.timeline()).toContainEqual(
    expect.objectContaining({ type: "mapping.batchFailed", queue: "orders", error: `Error: ${regions.source}` }),
  );
});

test("a mapping is where its function is, and nowhere else", async () => {
  await using all = await world();
  const { UUID } = await failOnce(all, queueArn(regions.destination, "failures"));
  const elsewhere = new LambdaClient({ ...all.emu.getClientConfig(), region: regions.source });
  await expect(elsewhere.send(new GetEventSourceMappingCommand({ UUID }))).rejects.toThrow("does not exist");
  expect((await elsewhere.send(new ListEventSourceMappingsCommand({}))).EventSourceMappings).toEqual([]);
  const create = { EventSourceArn: streamArn, StartingPosition: "LATEST" } as const;
  for (const FunctionName of ["orders", functionArn]) {
    await expect(elsewhere.send(new CreateEventSourceMappingCommand({ ...create, FunctionName }))).rejects.toThrow(
      "Function does not exist",
    );
  }
});
