import { expect, test } from "vitest";
import { awsLikeBackoff, backoffDelay, expiryOf, quickBackoff, streamConsumerSettings } from "./settings.ts";

test("a mapping that says nothing has AWS's defaults", () => {
  const settings = streamConsumerSettings({}, { retentionMs: 1000 });
  expect(settings).toEqual({
    batchSize: 100,
    batchingWindowMs: 0,
    parallelizationFactor: 1,
    maxRetryAttempts: -1,
    maxRecordAgeMs: -1,
    bisectOnFunctionError: false,
    reportBatchItemFailures: false,
    tumblingWindowMs: 0,
    retentionMs: 1000,
    onFailure: undefined,
    maxPayloadBytes: 6_291_456,
    envelopeBytes: { event: 14, record: 1 },
    maxWindowStateBytes: 1024 * 1024,
    backoff: { firstDelayMs: 25, maxDelayMs: 60_000 },
  });
  expect(Object.isFrozen(settings)).toBe(true);
});

test("a mapping's members come in milliseconds", () => {
  const settings = streamConsumerSettings(
    {
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 5,
      MaximumRecordAgeInSeconds: 60,
      MaximumRetryAttempts: 2,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      DestinationConfig: { OnFailure: { Destination: "arn" } },
    },
    { retentionMs: 1000, backoff: awsLikeBackoff },
  );
  expect(settings).toMatchObject({
    batchSize: 10,
    batchingWindowMs: 5000,
    maxRecordAgeMs: 60_000,
    maxRetryAttempts: 2,
    reportBatchItemFailures: true,
    onFailure: "arn",
    backoff: { firstDelayMs: 500 },
  });
});

test.each([
  { maxRecordAgeMs: -1, retentionMs: 5000, expiry: 5100 },
  { maxRecordAgeMs: 3000, retentionMs: 5000, expiry: 3100 },
  { maxRecordAgeMs: 9000, retentionMs: 5000, expiry: 5100 },
])("age $maxRecordAgeMs and retention $retentionMs: 100 expires at $expiry", ({ expiry, ...settings }) => {
  expect(expiryOf(100, settings)).toBe(expiry);
});

test("waits double up to the longest", () => {
  expect([0, 1, 2, 3, 11, 12, 10_000].map((number) => backoffDelay(quickBackoff, number))).toEqual([
    25, 50, 100, 200, 51_200, 60_000, 60_000,
  ]);
});
