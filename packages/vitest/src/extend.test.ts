import http from "node:http";
import { connect, type LocalEmu, type StreamHandle } from "@localemu/testkit";
import { type Assertion, afterAll, beforeAll, expect, expectTypeOf, test } from "vitest";
import "./extend.ts";

const sequenceNumber = "49640000000000000000000000000000000000000000000000000001";
const data = Buffer.from('{"id":1}').toString("base64");
const record = { sequenceNumber, partitionKey: "k", approximateArrival: 0, data };
const failure = {
  requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 3 },
  KinesisBatchInfo: {
    shardId: "shardId-000000000000",
    startSequenceNumber: sequenceNumber,
    endSequenceNumber: sequenceNumber,
    batchSize: 1,
    streamArn: "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
  },
};

/** An idle world with one record in a stream and its failure document in a queue. */
const answers: Readonly<Record<string, object | string>> = {
  info: { region: "us-east-1", accountId: "000000000000", world: "default", credentials: {} },
  idle: { state: "idle" },
  timeline: "",
  "peek/streams/orders": { shards: [{ shardId: "shardId-000000000000", records: [record] }] },
  "peek/queues/orders-dlq": { messages: [{ messageId: "m", body: JSON.stringify(failure), state: "visible" }] },
};
const server = http.createServer((request, response) => {
  const path = (request.url ?? "").replace("/_localemu/", "").replace(/\?.*/, "");
  const answer = answers[path] ?? { error: { code: "NotFound", message: path } };
  response.end(typeof answer === "string" ? answer : JSON.stringify(answer));
});
let emu: LocalEmu;

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  emu = await connect(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`);
});

afterAll(async () => {
  await emu.close();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
});

test("the matchers hold", async () => {
  await expect(emu.stream("orders")).toHaveRecord({ id: 1 });
  await expect(emu.stream("orders")).toHaveRecord({ id: expect.any(Number) });
  await expect(emu.stream("orders")).toHaveRecord((order: { readonly id: number }) => order.id === 1);
  await expect(emu.stream("orders")).not.toHaveRecord({ id: 2 });
  await expect(emu.stream("orders")).toHaveRecordTimes(1);
  await expect(emu.stream("orders")).toHaveRecordTimes(0, { id: 2 });
  await expect(emu.queue("orders-dlq")).toHaveFailedBatch();
  await expect(emu.queue("orders-dlq")).toHaveFailedBatch({ records: [{ id: 1 }], approximateInvokeCount: 3 });
  await expect(emu.queue("orders-dlq")).toHaveFailedRecord({ id: 1 });
  await expect(emu.queue("orders-dlq")).not.toBeEmpty();
});

test("a matcher that does not hold fails with the whole text", async () => {
  await expect(expect(emu.stream("orders")).toHaveRecord({ id: 2 })).rejects.toThrowErrorMatchingInlineSnapshot(`
    [Error: expect(stream "orders").toHaveRecord(match)

    Expected a record that matches { id: 2 }.
    The world is idle: nothing more can happen.

    Nearest of 1 record (- expected, + found): shard 0, key "k", …000000000001
        {
      -   id: 2
      +   id: 1
        }

    Records by shard:
      shard 0: 1

    Records:
      shard 0, key "k", …000000000001: { id: 1 }

    Nothing is on the timeline.]
  `);
  await expect(expect(emu.stream("orders")).not.toHaveRecord({ id: 1 })).rejects.toThrow(
    'expect(stream "orders").not.toHaveRecord(match)',
  );
});

test("the matchers are declared", () => {
  type OfStream = Assertion<void, StreamHandle>;

  expectTypeOf<OfStream["toHaveRecord"]>().returns.toEqualTypeOf<Promise<void>>();
  expectTypeOf<OfStream["not"]["toBeEmpty"]>().returns.toEqualTypeOf<Promise<void>>();
  expectTypeOf<OfStream["toHaveRecordTimes"]>().parameter(0).toEqualTypeOf<number>();
  expectTypeOf<OfStream["toHaveFailedBatch"]>().toBeCallableWith({ condition: expect.stringMatching(/Age/) });
  // @ts-expect-error a failed batch has no reason
  expectTypeOf<OfStream["toHaveFailedBatch"]>().toBeCallableWith({ reason: "Age" });
});
