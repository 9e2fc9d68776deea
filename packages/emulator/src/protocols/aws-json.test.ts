import { Readable } from "node:stream";
import {
  GetRecordsCommand,
  KinesisClient,
  PutRecordCommand,
  PutRecordsCommand,
  ResourceNotFoundException,
  CreateStreamCommand,
} from "@aws-sdk/client-kinesis";
import { CloudWatchLogsClient, FilterLogEventsCommand, PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect, test } from "vitest";
import { wireTap } from "../../../../test/protocols/wire-tap.ts";
import { AwsError, serializationException } from "./errors.ts";
import { loadModel } from "./service-models.ts";

const kinesis = await loadModel("kinesis");
const logs = await loadModel("logs");
const requestId = "5f2a5b0c-0000-4000-8000-000000000001";

describe("what the SDK's clients send and read", () => {
  test("PutRecord", async () => {
    const answer = { ShardId: "shardId-000000000000", SequenceNumber: "4957", EncryptionType: undefined };
    const tap = wireTap(kinesis, () => answer);
    const client = new KinesisClient(tap.client);
    const output = await client.send(
      new PutRecordCommand({ StreamName: "orders", Data: Buffer.from("é"), PartitionKey: "k" }),
    );
    expect(tap.calls).toMatchObject([
      {
        operation: "PutRecord",
        input: { StreamName: "orders", Data: Buffer.from("é"), PartitionKey: "k" },
        reply: {
          status: 200,
          headers: { "x-amzn-RequestId": requestId, "Content-Type": "application/x-amz-json-1.1" },
          body: '{"ShardId":"shardId-000000000000","SequenceNumber":"4957"}',
        },
      },
    ]);
    expect(output).toMatchObject({ ShardId: "shardId-000000000000", SequenceNumber: "4957" });
    expect(output.$metadata.requestId).toBe(requestId);
  });

  test("PutRecords", async () => {
    const tap = wireTap(kinesis, () => ({
      FailedRecordCount: 1,
      Records: [
        { ShardId: "shardId-000000000000", SequenceNumber: "1" },
        { ErrorCode: "ProvisionedThroughputExceededException", ErrorMessage: "Rate exceeded" },
      ],
    }));
    const records = [
      { Data: Buffer.alloc(0), PartitionKey: "a", ExplicitHashKey: "0" },
      { Data: Buffer.from([255, 0]), PartitionKey: "b" },
    ];
    const output = await new KinesisClient(tap.client).send(
      new PutRecordsCommand({ StreamARN: "arn:aws:kinesis:eu-west-1:000000000000:stream/orders", Records: records }),
    );
    expect(tap.calls[0]?.input).toEqual({
      StreamARN: "arn:aws:kinesis:eu-west-1:000000000000:stream/orders",
      Records: records,
    });
    expect(output.Records).toEqual([
      { ShardId: "shardId-000000000000", SequenceNumber: "1" },
      { ErrorCode: "ProvisionedThroughputExceededException", ErrorMessage: "Rate exceeded" },
    ]);
  });

  test("GetRecords", async () => {
    const arrival = new Date(1700000000123);
    const record = {
      SequenceNumber: "1",
      ApproximateArrivalTimestamp: arrival,
      Data: Buffer.from("x"),
      PartitionKey: "k",
    };
    const tap = wireTap(kinesis, () => ({ Records: [record], MillisBehindLatest: 0, NextShardIterator: "AAA" }));
    const output = await new KinesisClient(tap.client).send(new GetRecordsCommand({ ShardIterator: "it", Limit: 10 }));
    expect(tap.calls[0]?.input).toEqual({ ShardIterator: "it", Limit: 10 });
    expect(output.Records).toEqual([{ ...record, Data: new Uint8Array(Buffer.from("x")) }]);
    expect(output).toMatchObject({ MillisBehindLatest: 0, NextShardIterator: "AAA" });
  });

  test("an operation without output has an empty body", async () => {
    const tap = wireTap(kinesis, () => ({}));
    await new KinesisClient(tap.client).send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 2 }));
    expect(tap.calls[0]).toMatchObject({ input: { StreamName: "orders", ShardCount: 2 }, reply: { body: "" } });
  });

  test("a modelled error", async () => {
    const message = "Stream orders under account 000000000000 not found.";
    const tap = wireTap(kinesis, () => {
      throw new AwsError("ResourceNotFoundException", message);
    });
    const sent = new KinesisClient(tap.client).send(new GetRecordsCommand({ ShardIterator: "it" }));
    await expect(sent).rejects.toThrow(ResourceNotFoundException);
    await expect(sent).rejects.toMatchObject({ message, $metadata: { httpStatusCode: 400, requestId } });
    expect(tap.calls[0]?.reply.body).toBe(`{"__type":"ResourceNotFoundException","message":"${message}"}`);
  });

  test("FilterLogEvents", async () => {
    const event = { logStreamName: "s", timestamp: 1700000000123, message: "START", eventId: "1" };
    const tap = wireTap(logs, () => ({ events: [event], nextToken: "more" }));
    const output = await new CloudWatchLogsClient(tap.client).send(
      new FilterLogEventsCommand({ logGroupName: "/aws/lambda/f", startTime: 1700000000000, logStreamNames: ["s"] }),
    );
    expect(tap.calls).toMatchObject([
      {
        operation: "FilterLogEvents",
        input: { logGroupName: "/aws/lambda/f", startTime: 1700000000000, logStreamNames: ["s"] },
      },
    ]);
    expect(output).toMatchObject({ events: [event], nextToken: "more" });
  });

  test("an error with members of its own", async () => {
    const tap = wireTap(logs, () => {
      throw new AwsError("InvalidSequenceTokenException", "Bad.", { fields: { expectedSequenceToken: "49" } });
    });
    const sent = new CloudWatchLogsClient(tap.client).send(
      new PutLogEventsCommand({ logGroupName: "g", logStreamName: "s", logEvents: [] }),
    );
    await expect(sent).rejects.toMatchObject({
      name: "InvalidSequenceTokenException",
      message: "Bad.",
      expectedSequenceToken: "49",
    });
  });
});

test.each([
  [new AwsError("ResourceInUseException", ""), 400, '{"__type":"ResourceInUseException"}'],
  [new AwsError("InternalFailureException", "Oops"), 500, '{"__type":"InternalFailureException","message":"Oops"}'],
  [serializationException(), 400, '{"__type":"SerializationException"}'],
  [serializationException('"'), 400, '{"__type":"SerializationException","Message":"\\""}'],
  [new AwsError("Unmodelled", "m"), 400, '{"__type":"Unmodelled","message":"m"}'],
  [new AwsError("Unmodelled", "m", { statusCode: 503 }), 503, '{"__type":"Unmodelled","message":"m"}'],
])("%s", (error, status, body) => {
  expect(kinesis.protocol.encodeError(error, { requestId })).toMatchObject({ status, body });
});

test.each([undefined, "", "PutRecord", "Kinesis_20131202.Nothing", "Logs_20140328.PutRecord", "constructor"])(
  "the target %s is unknown",
  (target) => {
    const headers = { "x-amz-target": target };
    const request = { method: "POST", path: "/", query: "", headers, body: Buffer.from("{}") };
    expect(kinesis.protocol.route(request)).toBeUndefined();
  },
);

test("events of a stream come after the document", async () => {
  const operation = kinesis.schema.operations.get("SubscribeToShard");
  if (operation === undefined) throw new Error("the model has no SubscribeToShard");
  const events = Readable.from([{ SubscribeToShardEvent: { MillisBehindLatest: 7 } }]);
  const { headers, body } = kinesis.protocol.encode(operation, { EventStream: events }, { requestId });
  expect(headers).toMatchObject({ "Content-Type": "application/vnd.amazon.eventstream" });
  if (typeof body !== "object" || !(Symbol.asyncIterator in body)) throw new Error("the reply has no events");
  const frames: string[] = [];
  for await (const frame of body) frames.push(Buffer.from(frame).toString("latin1"));
  expect(frames).toEqual([
    expect.stringMatching(/initial-response.*\{\}.{4}$/su),
    expect.stringMatching(/SubscribeToShardEvent.*\{"MillisBehindLatest":7\}.{4}$/su),
  ]);
});
