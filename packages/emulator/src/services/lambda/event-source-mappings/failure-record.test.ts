import { expect, test } from "vitest";
import {
  dynamoDbBatchInfo,
  type FailureReport,
  failureObject,
  failureRecord,
  kinesisBatchInfo,
} from "./failure-record.ts";
import { exampleRecord, sequenceOf, unhandledError } from "./stream/example-records.ts";
import type { FailedOutcome } from "./stream/outcome.ts";
import { sliceOf } from "./stream/slice.ts";

const invocation = { requestId: "c9b8fa9f-5a7f-xmpl-af9c-0c604cde93a5", executedVersion: "$LATEST" };

function failureReport(changes: Partial<FailureReport> = {}, lastOutcome?: FailedOutcome, invokes = 2): FailureReport {
  const records = [
    exampleRecord(1, undefined, { arrival: Date.parse("2019-11-14T00:38:04.835Z") }),
    exampleRecord(2, undefined, { arrival: Date.parse("2019-11-14T00:38:05.580Z") }),
  ];
  return {
    batchInfo: kinesisBatchInfo,
    slice: { ...sliceOf(records), invokes, lastOutcome },
    condition: "RetryAttemptsExhausted",
    functionArn: "arn:aws:lambda:us-east-2:123456789012:function:myfunction",
    streamArn: "arn:aws:kinesis:us-east-2:123456789012:stream/mystream",
    shardId: "shardId-000000000001",
    timestamp: Date.parse("2019-11-14T00:38:06.021Z"),
    newRequestId: "never-invoked",
    ...changes,
  };
}

const batchInfo =
  `"version":"1.0","timestamp":"2019-11-14T00:38:06.021Z",` +
  `"KinesisBatchInfo":{"shardId":"shardId-000000000001",` +
  `"startSequenceNumber":"${sequenceOf(1)}","endSequenceNumber":"${sequenceOf(2)}",` +
  `"approximateArrivalOfFirstRecord":"2019-11-14T00:38:04.835Z",` +
  `"approximateArrivalOfLastRecord":"2019-11-14T00:38:05.580Z",` +
  `"batchSize":2,"streamArn":"arn:aws:kinesis:us-east-2:123456789012:stream/mystream"}}`;

function requestContext(requestId: string, condition: string, invokes: number): string {
  return (
    `{"requestContext":{"requestId":"${requestId}",` +
    `"functionArn":"arn:aws:lambda:us-east-2:123456789012:function:myfunction",` +
    `"condition":"${condition}","approximateInvokeCount":${invokes}},`
  );
}

test("retries that a thrown error exhausted", () => {
  expect(failureRecord(failureReport({}, { ...unhandledError, invocation }))).toBe(
    requestContext(invocation.requestId, "RetryAttemptsExhausted", 2) +
      `"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},` +
      batchInfo,
  );
});

test.each<FailedOutcome>([
  { kind: "partial", from: sequenceOf(1), invocation },
  { kind: "functionError", error: "badResponse", invocation },
])("retries that a response exhausted ($kind) have a null error", (outcome) => {
  expect(failureRecord(failureReport({}, outcome))).toContain(
    `"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":null},"version"`,
  );
});

test("expired records have no response, though the function had failed 7 times", () => {
  const report = failureReport({ condition: "RecordAgeExceeded" }, { ...unhandledError, invocation }, 7);
  expect(failureRecord(report)).toBe(requestContext(invocation.requestId, "RecordAgeExceeded", 8) + batchInfo);
});

test("records that expired before any invoke have a request id all the same, and count 1", () => {
  const report = failureReport({ condition: "RecordAgeExceeded" }, undefined, 0);
  expect(failureRecord(report)).toBe(requestContext("never-invoked", "RecordAgeExceeded", 1) + batchInfo);
});

test("a record that is too large has a null response", () => {
  const report = failureReport({ condition: "MaximumPayloadSizeExceeded" }, undefined, 0);
  expect(failureRecord(report)).toBe(
    requestContext("never-invoked", "MaximumPayloadSizeExceeded", 1) + `"responseContext":null,` + batchInfo,
  );
});

test("a bucket gets the event as a string, under a key of mapping, shard and time", () => {
  const object = { mapping: "mapping-id", id: "object-id", payload: '{"Records":[]}' };
  const { key, body } = failureObject(failureReport({}, unhandledError), object);
  expect(key).toBe("aws/lambda/mapping-id/shardId-000000000001/2019/11/14/2019-11-14T00.38.06-object-id");
  expect(body.endsWith(`,"payload":"{\\"Records\\":[]}"}`)).toBe(true);
});

// AWS: the name and the whole seconds (recorded on AWS).
test("a batch of a table's stream", () => {
  const streamArn = "arn:aws:dynamodb:us-east-2:123456789012:table/mytable/stream/2019-11-14T00:09:53.968";
  const record = failureRecord(failureReport({ batchInfo: dynamoDbBatchInfo, streamArn }));
  const { DDBStreamBatchInfo: info, KinesisBatchInfo: other } = JSON.parse(record);
  expect(other).toBeUndefined();
  expect(info).toEqual({
    shardId: "shardId-000000000001",
    startSequenceNumber: sequenceOf(1),
    endSequenceNumber: sequenceOf(2),
    approximateArrivalOfFirstRecord: "2019-11-14T00:38:04Z",
    approximateArrivalOfLastRecord: "2019-11-14T00:38:05Z",
    batchSize: 2,
    streamArn,
  });
});
