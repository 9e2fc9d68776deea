import { describe, expect, test } from "vitest";
import { evaluateBatchResult } from "./evaluate-batch-result.ts";
import { kinesisEvent } from "./kinesis-event.ts";
import { sqsEvent } from "./sqs-event.ts";

describe("kinesisEvent", () => {
  test("a record for each value", () => {
    const partitionKey = (value: string | object) => typeof value;
    const event = kinesisEvent(["text", { id: 1 }], { stream: "orders", partitionKey, region: "eu-west-1" });
    expect(event.Records.map(({ kinesis }) => [kinesis.partitionKey, atob(kinesis.data)])).toEqual([
      ["string", "text"],
      ["object", '{"id":1}'],
    ]);
    expect(event.Records[0]).toMatchObject({
      eventID: `shardId-000000000000:${event.Records[0]?.kinesis.sequenceNumber}`,
      eventSourceARN: "arn:aws:kinesis:eu-west-1:000000000000:stream/orders",
    });
    expect(kinesisEvent([Buffer.from([0xff])]).Records[0]?.kinesis).toMatchObject({
      data: "/w==",
      approximateArrivalTimestamp: Date.parse("2026-01-01") / 1000,
      sequenceNumber: expect.stringMatching(/^\d{56}$/),
    });
  });
});

describe("sqsEvent", () => {
  test("a message for each value, in a group where the queue is a FIFO queue", () => {
    const event = sqsEvent([{ job: 1 }, "text"], {
      queue: "jobs.fifo",
      groupId: () => "a",
      attributes: { kind: "mail" },
    });
    expect(event.Records).toMatchObject([
      {
        body: '{"job":1}',
        attributes: { MessageGroupId: "a", ApproximateReceiveCount: "1" },
        messageAttributes: { kind: { stringValue: "mail", dataType: "String" } },
        eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:jobs.fifo",
      },
      { body: "text", md5OfBody: "1cb251ec0d568de6a929b520c4aed8d1" },
    ]);
    expect(sqsEvent(["text"]).Records[0]?.attributes).not.toHaveProperty("MessageGroupId");
  });
});

describe("evaluateBatchResult", () => {
  const stream = kinesisEvent([1, 2, 3, 4]);
  const queue = sqsEvent([1, 2, 3, 4]);
  const failures = (...items: readonly { readonly kinesis?: { sequenceNumber: string }; messageId?: string }[]) => ({
    batchItemFailures: items.map((item) => ({ itemIdentifier: item.kinesis?.sequenceNumber ?? item.messageId })),
  });

  test("of a stream, all from the first record that is named", () => {
    const [first, second, third, fourth] = stream.Records;
    expect(evaluateBatchResult(stream, failures(...stream.Records.slice(1, 3).toReversed()))).toEqual({
      outcome: "partial",
      succeeded: [first],
      retried: [second, third, fourth],
    });
  });

  test("of a queue, those that are named", () => {
    const [first, second, third, fourth] = queue.Records;
    expect(evaluateBatchResult(queue, failures(...queue.Records.slice(1, 3).toReversed()))).toEqual({
      outcome: "partial",
      succeeded: [first, fourth],
      retried: [second, third],
    });
  });

  test.each([[undefined], [null], [""], [[]], [{}], [{ batchItemFailures: null }], [{ batchItemFailures: [] }]])(
    "%j is a success",
    (response) => {
      const done = { outcome: "success", succeeded: stream.Records, retried: [] };
      expect(evaluateBatchResult(stream, response)).toEqual(done);
    },
  );

  test.each([
    [{ batchItemFailures: "1" }, "batchItemFailures is not a list"],
    [{ batchItemFailures: [{ itemIdentifier: "" }] }, 'itemIdentifier "" is not in the batch'],
    [{ batchItemFailures: [{ itemIdentifier: null }] }, "itemIdentifier null is not in the batch"],
    [{ batchItemFailures: [{}] }, "itemIdentifier undefined is not in the batch"],
    [{ batchItemFailures: [null] }, "itemIdentifier undefined is not in the batch"],
    [{ batchItemFailures: [{ itemIdentifier: "7" }] }, 'itemIdentifier "7" is not in the batch'],
  ])("%j fails the whole batch", (response, reason) => {
    const expected = { outcome: "error", succeeded: [], reason };
    expect(evaluateBatchResult(stream, response)).toEqual({ ...expected, retried: stream.Records });
    expect(evaluateBatchResult(queue, response)).toEqual({ ...expected, retried: queue.Records });
  });
});
