import type { ControlClient } from "@localemu/control";
import { zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callControl, controlError } from "./control-calls.ts";
import { startTestEmulator } from "./emulator.ts";
import type { TestEmulator } from "./emulator.ts";

let emulator: TestEmulator;
let control: ControlClient;

beforeAll(async () => {
  emulator = await startTestEmulator();
  ({ control } = emulator.emu);
});

afterAll(() => emulator[Symbol.asyncDispose]());

test("Kinesis: blobs are base64, timestamps seconds", async () => {
  await control.call("kinesis", "CreateStream", { StreamName: "s", ShardCount: 1 });
  const put = await control.call("kinesis", "PutRecord", { StreamName: "s", PartitionKey: "k", Data: btoa("hello") });
  expect(put).toEqual({ ShardId: "shardId-000000000000", SequenceNumber: expect.stringMatching(/^\d{56}$/) });
  const iterator = { StreamName: "s", ShardId: put["ShardId"], ShardIteratorType: "TRIM_HORIZON" };
  const { ShardIterator } = await control.call("kinesis", "GetShardIterator", iterator);
  expect(await control.call("kinesis", "GetRecords", { ShardIterator })).toMatchObject({
    MillisBehindLatest: 0,
    Records: [
      {
        Data: btoa("hello"),
        PartitionKey: "k",
        SequenceNumber: put["SequenceNumber"],
        ApproximateArrivalTimestamp: expect.closeTo(Date.now() / 1000, -2),
      },
    ],
  });
});

test("Lambda: what REST has in path, header and body is one JSON", async () => {
  const code = "exports.handler = async (event) => ({ got: event });";
  const created = await control.call("lambda", "CreateFunction", {
    FunctionName: "f",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: "arn:aws:iam::000000000000:role/any",
    Code: { ZipFile: Buffer.from(zipSync({ "index.js": Buffer.from(code) })).toString("base64") },
  });
  expect(created).toMatchObject({ FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f" });
  const invoked = await control.call("lambda", "Invoke", { FunctionName: "f", Payload: btoa('{"a":1}') });
  expect(invoked).toEqual({ StatusCode: 200, ExecutedVersion: "$LATEST", Payload: btoa('{"got":{"a":1}}') });
  const logged = await control.call("logs", "FilterLogEvents", {
    logGroupName: "/aws/lambda/f",
    filterPattern: '"START RequestId"',
  });
  expect(logged).toMatchObject({ events: [{ message: expect.stringContaining("START RequestId") }] });
});

test("CloudWatch Logs, STS and SQS", async () => {
  expect(await control.call("logs", "CreateLogGroup", { logGroupName: "/g" })).toEqual({});
  expect(await control.call("logs", "DescribeLogGroups", { logGroupNamePrefix: "/g" })).toMatchObject({
    logGroups: [{ logGroupName: "/g" }],
  });
  expect(await control.call("sts", "GetCallerIdentity")).toMatchObject({ Account: "000000000000" });
  const { QueueUrl } = await control.call("sqs", "CreateQueue", { QueueName: "q" });
  expect(QueueUrl).toBe(`${emulator.emu.endpoint}/000000000000/q`);
  await control.call("sqs", "SendMessage", { QueueUrl, MessageBody: "hello" });
  expect(await control.call("sqs", "ReceiveMessage", { QueueUrl })).toMatchObject({ Messages: [{ Body: "hello" }] });
});

test("the operations of SNS and S3 that set things up", async () => {
  const { TopicArn } = await control.call("sns", "CreateTopic", { Name: "t", Attributes: { DisplayName: "a & b" } });
  expect(TopicArn).toBe("arn:aws:sns:us-east-1:000000000000:t");
  const MessageAttributes = {
    kind: { DataType: "String", StringValue: "<mail>" },
    more: { DataType: "Number", StringValue: "1" },
  };
  expect(await control.call("sns", "Publish", { TopicArn, Message: "a=b&c", MessageAttributes })).toEqual({
    MessageId: expect.stringMatching(/^[\da-f-]{36}$/),
  });
  expect(await control.peek.topic("t")).toMatchObject({
    notifications: [
      {
        message: "a=b&c",
        attributes: { kind: { type: "String", value: "<mail>" }, more: { type: "Number", value: "1" } },
      },
    ],
  });
  expect(await control.call("s3", "CreateBucket", { Bucket: "b-b" })).toEqual({});
  await control.call("s3", "PutObject", {
    Bucket: "b-b",
    Key: "a/?&=#.txt",
    Body: btoa("hello"),
    ContentType: "text/plain",
  });
  expect(await control.peek.bucket("b-b")).toMatchObject({
    objects: [{ key: "a/?&=#.txt", data: btoa("hello"), contentType: "text/plain" }],
  });
  await control.call("s3", "DeleteObject", { Bucket: "b-b", Key: "a/?&=#.txt" });
  expect(await control.peek.bucket("b-b")).toEqual({ bucketName: "b-b", objects: [] });
  const types = (await control.timeline()).map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(["topic.published", "bucket.objectPut", "bucket.objectDeleted"]));
});

test("in another region, of the world of the endpoint", async () => {
  await using world = await emulator.emu.createWorld("elsewhere");
  const input = { StreamName: "far", ShardCount: 1 };
  await world.control.call("kinesis", "CreateStream", input, { region: "eu-central-1" });
  expect(await world.control.call("kinesis", "ListStreams", {}, { region: "eu-central-1" })).toMatchObject({
    StreamNames: ["far"],
  });
  expect(await world.control.call("kinesis", "ListStreams")).toMatchObject({ StreamNames: [] });
  expect(await control.call("kinesis", "ListStreams", {}, { region: "eu-central-1" })).toMatchObject({
    StreamNames: [],
  });
  const { QueueUrl } = await world.control.call("sqs", "CreateQueue", { QueueName: "q" });
  expect(QueueUrl).toBe(`${world.endpoint}/000000000000/q`);
});

test.each([
  [
    "kinesis",
    "DescribeStream",
    { StreamName: "gone" },
    400,
    "ResourceNotFoundException",
    "Stream gone under account 000000000000 not found.",
  ],
  [
    "kinesis",
    "CreateStream",
    { ShardCount: 1 },
    400,
    "ValidationException",
    /'streamName' failed to satisfy constraint/,
  ],
  [
    "lambda",
    "GetFunction",
    { FunctionName: "gone" },
    404,
    "ResourceNotFoundException",
    /^Function not found: arn:aws:lambda/,
  ],
  [
    "logs",
    "DeleteLogGroup",
    { logGroupName: "gone" },
    400,
    "ResourceNotFoundException",
    "The specified log group does not exist.",
  ],
  ["sqs", "GetQueueUrl", { QueueName: "gone" }, 400, "QueueDoesNotExist", "The specified queue does not exist."],
  ["kinesis", "ListChannels", {}, 501, "NotImplementedException", /^not implemented by LocalEmu: ListChannels/],
  [
    "sns",
    "Publish",
    { TopicArn: "arn:aws:sns:us-east-1:000000000000:gone", Message: "m" },
    404,
    "NotFound",
    "Topic does not exist",
  ],
  ["s3", "PutObject", { Bucket: "gone", Key: "k" }, 404, "NoSuchBucket", /^The specified bucket does not exist/],
  ["s3", "PutObject", { Bucket: "gone" }, 400, "BadRequest", "Key is missing"],
  [
    "s3",
    "ListBuckets",
    {},
    400,
    "BadRequest",
    "of s3, only CreateBucket, PutObject, DeleteObject can be called here, not ListBuckets: use an SDK",
  ],
  ["sns", "ListTopics", {}, 400, "BadRequest", /^of sns, only CreateTopic, Subscribe, Publish can be called here/],
  ["kinesis", "Nothing", {}, 400, "BadRequest", "kinesis has no operation Nothing"],
  [
    "dynamodb",
    "DescribeTable",
    { TableName: "gone" },
    400,
    "ResourceNotFoundException",
    "Requested resource not found: Table: gone not found",
  ],
  ["dynamodb", "ListBackups", {}, 501, "NotImplementedException", /^not implemented by LocalEmu: ListBackups/],
  [
    "redshift",
    "ListTables",
    {},
    400,
    "BadRequest",
    "operations of redshift cannot be called here; there are iam, kinesis, lambda, logs, sts, dynamodb, dynamodbstreams, sqs, sns, s3",
  ],
])("%s %s(%j) fails as AWS does", async (service, operation, input, status, code, message) => {
  await expect(control.call(service, operation, input)).rejects.toMatchObject({
    name: "ControlError",
    status,
    code,
    message: expect.stringMatching(message),
  });
});

test("what is no JSON is refused", async () => {
  const { endpoint } = emulator.emu;
  for (const service of ["kinesis", "lambda", "logs", "sts", "sqs"]) {
    const operation = service === "sqs" ? "ListQueues" : "X";
    const answer = await callControl(endpoint, `POST aws/${service}/${operation}`, "{");
    expect({ service, ...answer }).toMatchObject({ service, status: 400 });
  }
  expect(await callControl(endpoint, "POST aws/kinesis/ListStreams", "{")).toEqual(
    controlError(400, "SerializationException", expect.any(String)),
  );
  expect(await callControl(endpoint, "GET aws/kinesis/ListStreams")).toMatchObject({ status: 405 });
});
