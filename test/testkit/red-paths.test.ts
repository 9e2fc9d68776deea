import "@localemu/vitest/extend";
import type { LocalEmu } from "@localemu/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream } from "../event-source-mappings/mapped-stream.ts";
import type { MappedStream } from "../event-source-mappings/mapped-stream.ts";

/** A time at which the clock stands. */
const time = Date.parse("2100-01-01T12:00:00Z");

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

async function frozenWorld(): Promise<MappedStream> {
  const world = await mappedStream(server, { frozen: true });
  await world.emu.clock.freeze(time);
  return world;
}

/** What a failed assertion says, without what differs from run to run. */
async function textOf(assertion: Promise<void>): Promise<string> {
  const failure = await assertion.then(
    () => undefined,
    (error: unknown) => error,
  );
  const text = failure instanceof Error ? failure.message : "it did not fail";
  return text
    .replace(/\n\n(Timeline|Nothing is on)[^]*/, "")
    .replaceAll(/…\d{12}|\b\d{56}\b/g, "…<sequence number>")
    .replaceAll(/(message|request) [\da-f]{8}/g, "$1 <id>");
}

/** The end of the timeline in a failed assertion's text, without what differs from run to run. */
async function timelineOf(assertion: Promise<void>, lines: number): Promise<string> {
  const failure = await assertion.catch((error: unknown) => error);
  const text = failure instanceof Error ? failure.message : "it did not fail";
  return text
    .split("\n")
    .slice(-lines)
    .join("\n")
    .replaceAll(/…\d{12}|\b\d{56}\b/g, "…<sequence number>")
    .replaceAll(/\b[\da-f]{8}\b/g, "<id>")
    .replaceAll(/after \d+ ms/g, "after <time>");
}

/** Orders whose second one fails, on their way to the function. */
async function startOrders(emu: LocalEmu) {
  await emu.stream("orders").putJson([{ id: 1 }, { id: 2, fail: "throw" }, { id: 3 }], { partitionKey: "k" });
  const fn = emu.function("orders-fn");
  const mapping = await fn.listen(emu.stream("orders"), { maxRetries: 1, onFailure: emu.queue("orders-dlq") });
  await emu.idle();
  return { fn, mapping, dlq: emu.queue("orders-dlq") };
}

test("a mapping that waits to try again: by how much to advance", async () => {
  await using world = await frozenWorld();
  const { mapping, dlq, fn } = await startOrders(world.emu);
  expect(await textOf(expect(mapping).toHaveCaughtUp())).toMatchInlineSnapshot(`
    "expect(mapping "orders-fn ← orders").toHaveCaughtUp()

    Expected nothing to be left.
    The clock is frozen and the next timer is next try of shardId-000000000000 of orders for orders-fn: advance by 25 ms.

    The mapping is Enabled; last result: PROBLEM: Function call failed.

    Progress by shard:
      shard 0: 3 records left, checkpoint TRIM_HORIZON"
  `);
  expect(await textOf(expect(dlq).toHaveFailedRecord({ id: 2 }))).toMatchInlineSnapshot(`
    "expect(queue "orders-dlq").toHaveFailedRecord(match)

    Expected a failed record that matches { id: 2 }.
    The clock is frozen and the next timer is next try of shardId-000000000000 of orders for orders-fn: advance by 25 ms.

    The queue has no messages."
  `);
  expect(await textOf(expect(fn).toHaveBeenInvoked(2))).toMatchInlineSnapshot(`
    "expect(function "orders-fn").toHaveBeenInvoked(2)

    Expected exactly 2 invocations; found 1.
    The clock is frozen and the next timer is next try of shardId-000000000000 of orders for orders-fn: advance by 25 ms.

    Invocations:
      batch of 3 from orders shard 0 [{ id: 1 }, { id: 2, fail: "throw" }, { id: 3 }] → error: Error: order 2 cannot be processed"
  `);
  await world.emu.clock.advance(25);
  await expect(mapping).toHaveCaughtUp();
  await expect(dlq).toHaveFailedRecord({ id: 2 });
  await expect(fn).toHaveBeenInvoked(2);
});

test("a batch that was given up: what was delivered instead, and what happened", async () => {
  await using world = await frozenWorld();
  const { fn, mapping, dlq } = await startOrders(world.emu);
  await world.emu.clock.advance(25);
  const whole = [{ id: 1 }, { id: 2 }, { id: 3 }];
  expect(await textOf(expect(fn).toHaveBatches([whole, whole, [{ id: 3 }]]))).toMatchInlineSnapshot(`
    "expect(function "orders-fn").toHaveBatches(batches)

    Expected these 3 batches and no other, in order per shard; the 3rd, [{ id: 3 }], is missing.
    The world is idle: nothing more can happen.

    Nearest of 2 other batches (- expected, + found): batch of 3 from orders shard 0
      - [{ id: 3 }]
      + [{ id: 1 }, { id: 2, fail: "throw" }, { id: 3 }]

    Invocations:
      batch of 3 from orders shard 0 [{ id: 1 }, { id: 2, fail: "throw" }, { id: 3 }] → error: Error: order 2 cannot be processed
      batch of 3 from orders shard 0 [{ id: 1 }, { id: 2, fail: "throw" }, { id: 3 }] → error: Error: order 2 cannot be processed"
  `);
  const Records = [{ id: 1 }, { id: 9 }, { id: 3 }].map((data) => ({ kinesis: { data } }));
  expect(await textOf(expect(fn).toHaveBeenInvokedWith({ Records }))).toMatchInlineSnapshot(`
    "expect(function "orders-fn").toHaveBeenInvokedWith(match)

    Expected an event that matches { Records: [{ kinesis: { data: { id: 1 } } }, { kinesis: { data: { id: 9 } } }, { kinesis: { data: { id: 3 } } }] }.
    The world is idle: nothing more can happen.

    Nearest of 2 events (- expected, + found): request <id>
        {
          Records: [
            { kinesis: { kinesisSchemaVersion: "1.0", partitionKey: "k", sequenceNumber: "…<sequence number>", data: { id: 1 }, approximateArrivalTimestamp: 4102488000 }, eve…
            {
              kinesis: {
                data: {
      -           id: 9
      +           id: 2
                  … 1 more
                }
                … 4 more
              }
              … 7 more
            }
            { kinesis: { kinesisSchemaVersion: "1.0", partitionKey: "k", sequenceNumber: "…<sequence number>", data: { id: 3 }, approximateArrivalTimestamp: 4102488000 }, eve…
          ]
        }

    Invocations:
      batch of 3 from orders shard 0 [{ id: 1 }, { id: 2, fail: "throw" }, { id: 3 }] → error: Error: order 2 cannot be processed
      batch of 3 from orders shard 0 [{ id: 1 }, { id: 2, fail: "throw" }, { id: 3 }] → error: Error: order 2 cannot be processed"
  `);
  const shardId = "shardId-000000000000";
  expect(await textOf(expect(mapping).toHaveCheckpoint({ shardId, sequenceNumber: "SHARD_END" })))
    .toMatchInlineSnapshot(`
    "expect(mapping "orders-fn ← orders").toHaveCheckpoint(expected)

    Expected the checkpoint of shard 0 to be SHARD_END.
    The world is idle: nothing more can happen.

    The mapping is Enabled; last result: PROBLEM: Function call failed.

    Progress by shard:
      shard 0: no records left, checkpoint …<sequence number>"
  `);
  expect(await textOf(expect(dlq).toHaveFailedBatch({ records: [{ id: 2 }] }))).toMatchInlineSnapshot(`
    "expect(queue "orders-dlq").toHaveFailedBatch(expected)

    Expected a failure document with { records: [{ id: 2 }] }.
    The world is idle: nothing more can happen.

    Nearest of 1 failure document (- expected, + found): 3 records of orders shard 0, RetryAttemptsExhausted after 2 invokes
        {
      -   records: [{ id: 2 }]
      +   records: [{ id: 1 }, { id: 2, fail: "throw" }, { id: 3 }]
          … 3 more
        }

    3 records of orders shard 0, RetryAttemptsExhausted after 2 invokes:
      shard 0, key "k", …<sequence number>: { id: 1 }
      shard 0, key "k", …<sequence number>: { id: 2, fail: "throw" }
      shard 0, key "k", …<sequence number>: { id: 3 }"
  `);
  expect(await timelineOf(expect(mapping).not.toHaveCaughtUp(), 8)).toMatchInlineSnapshot(`
    "  12:00:00.025  orders-fn invoked (request <id>)
      12:00:00.025  orders-fn failed after <time> (request <id>): Error: order 2 cannot be processed
      12:00:00.025  orders-fn ← orders shard 0: batch of 3 failed: Error: order 2 cannot be processed
      12:00:00.025  queue orders-dlq ← message <id>
      12:00:00.025  orders-fn ← orders shard 0: DLQ orders-dlq ← 3 records
      12:00:00.025  orders-fn ← orders shard 0: gave up on 3 records (RetryAttemptsExhausted after 2 invokes)
      12:00:00.025  orders-fn ← orders shard 0: checkpoint …<sequence number>
      12:00:00.025  clock frozen at 2100-01-01T12:00:00.025Z"
  `);
});

test("records that are missing, out of order or too many", async () => {
  await using world = await frozenWorld();
  const { emu } = world;
  const stream = emu.stream("orders");
  const [first] = await stream.putJson([{ id: 1 }, { id: 2 }, { id: 3 }], { partitionKey: "k" });
  expect(await textOf(expect(stream).toHaveRecords([{ id: 1 }, { id: 4 }]))).toMatchInlineSnapshot(`
    "expect(stream "orders").toHaveRecords(matches)

    Expected these 2 records, in order per partition key; the 2nd, { id: 4 }, is missing.
    The world is idle: nothing more can happen.

    Nearest of 2 other records (- expected, + found): shard 0, key "k", …<sequence number>
        {
      -   id: 4
      +   id: 2
        }

    Records by shard:
      shard 0: 3

    Records:
      shard 0, key "k", …<sequence number>: { id: 1 }
      shard 0, key "k", …<sequence number>: { id: 2 }
      shard 0, key "k", …<sequence number>: { id: 3 }"
  `);
  expect(await textOf(expect(stream).toHaveRecords([{ id: 3 }, { id: 1 }]))).toMatchInlineSnapshot(`
    "expect(stream "orders").toHaveRecords(matches)

    Expected these 2 records, in order per partition key; the 2nd, { id: 1 }, is there, but not after those before it.
    The world is idle: nothing more can happen.

    Records by shard:
      shard 0: 3

    Records:
      shard 0, key "k", …<sequence number>: { id: 1 }
      shard 0, key "k", …<sequence number>: { id: 2 }
      shard 0, key "k", …<sequence number>: { id: 3 }"
  `);
  if (first === undefined) throw new Error("nothing was put");
  expect(await textOf(expect(stream).toHaveNoMoreRecords({ after: first }))).toMatchInlineSnapshot(`
    "expect(stream "orders").toHaveNoMoreRecords({ after })

    Expected no records past the given position; found 2.
    The world is idle: nothing more can happen.

    2 records more:
      shard 0, key "k", …<sequence number>: { id: 2 }
      shard 0, key "k", …<sequence number>: { id: 3 }

    Records by shard:
      shard 0: 3

    Records:
      shard 0, key "k", …<sequence number>: { id: 1 }
      shard 0, key "k", …<sequence number>: { id: 2 }
      shard 0, key "k", …<sequence number>: { id: 3 }"
  `);
});

test("messages, notifications and objects that are not there", async () => {
  await using world = await frozenWorld();
  const { emu } = world;
  const queue = emu.queue("orders-dlq");
  await queue.send({ job: 1, kind: "mail" });
  expect(await textOf(expect(queue).toHaveMessage({ job: 2, kind: "mail" }))).toMatchInlineSnapshot(`
    "expect(queue "orders-dlq").toHaveMessage(match)

    Expected a message that matches { job: 2, kind: "mail" }.
    The world is idle: nothing more can happen.

    Nearest of 1 message (- expected, + found): message <id>, visible
        {
      -   job: 2
      +   job: 1
          kind: "mail"
        }

    Messages:
      visible: { job: 1, kind: "mail" }"
  `);
  expect(await textOf(expect(queue).toHaveMessages([{ job: 1 }, { job: 1 }]))).toMatchInlineSnapshot(`
    "expect(queue "orders-dlq").toHaveMessages(matches)

    Expected these 2 messages; the 2nd, { job: 1 }, is missing.
    The world is idle: nothing more can happen.

    Messages:
      visible: { job: 1, kind: "mail" }"
  `);
  const topic = await emu.createTopic("alerts");
  await topic.publish("all is well", { subject: "About" });
  expect(await textOf(expect(topic).toHavePublished({ level: "error" }))).toMatchInlineSnapshot(`
    "expect(topic "alerts").toHavePublished(match)

    Expected a published message that matches { level: "error" }.
    The world is idle: nothing more can happen.

    Nearest of 1 published message (- expected, + found): message <id>
      - { level: "error" }
      + "all is well"

    Published 1 message:
      "About": "all is well""
  `);
  const bucket = await emu.createBucket("reports");
  await bucket.put("2100/report.json", { total: 3 });
  expect(await textOf(expect(bucket).toHaveObject("2100/report.json", { total: 4 }))).toMatchInlineSnapshot(`
    "expect(bucket "reports").toHaveObject(key, match)

    Expected an object "2100/report.json" that matches { total: 4 }.
    The world is idle: nothing more can happen.

    Nearest of 1 object (- expected, + found): "2100/report.json"
        {
      -   total: 4
      +   total: 3
        }

    Objects:
      2100/report.json: { total: 3 }"
  `);
  expect(await textOf(expect(bucket).toHaveFailedRecord({ id: 1 }))).toMatchInlineSnapshot(`
    "expect(bucket "reports").toHaveFailedRecord(match)

    Expected a failed record that matches { id: 1 }.
    The world is idle: nothing more can happen.

    1 object without a failure document:
      { total: 3 }"
  `);
});

test("a handle of another kind", async () => {
  await using world = await frozenWorld();
  expect(await textOf(expect(world.emu.queue("orders-dlq")).toHaveRecord({ id: 1 }))).toMatchInlineSnapshot(
    `"toHaveRecord takes a stream of LocalEmu, as emu.stream(name) gives, or a table of LocalEmu with a stream, as emu.table(name) gives, not the queue "orders-dlq""`,
  );
  expect(await textOf(expect("orders").toHaveCaughtUp())).toMatchInlineSnapshot(
    `"toHaveCaughtUp takes an event source mapping of LocalEmu, as fn.listen(source) gives, not "orders""`,
  );
});
