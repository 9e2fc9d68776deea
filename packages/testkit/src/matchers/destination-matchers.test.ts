import { beforeEach, describe, expect, test } from "vitest";
import { toHaveObject } from "./bucket-matchers.ts";
import { toHaveFailedBatch, toHaveFailedRecord } from "./failure-matchers.ts";
import { caller, failureDocument, FakeWorld } from "./fake-world.test.fixture.ts";
import { toHavePublished } from "./topic-matchers.ts";

const published = caller(toHavePublished);
const object = caller(toHaveObject);
const failedBatch = caller(toHaveFailedBatch);
const failedRecord = caller(toHaveFailedRecord);
let world: FakeWorld;

beforeEach(() => {
  world = new FakeWorld();
});

describe("toHavePublished", () => {
  test("finds JSON and text, and waits for it", async () => {
    world.report = undefined;
    const asserting = published.check(world.topic, { level: "error" });
    await world.waiting;
    world.publish("hello");
    world.publish('{"level":"error"}');

    expect(await asserting).toBe(true);
    expect(await published.check(world.topic, "hello")).toBe(true);
  });

  test("text", async () => {
    expect(await published.failure(world.topic, { level: "error" })).toMatchInlineSnapshot(`
      "expect(topic "alerts").toHavePublished(match)

      Expected a published message that matches { level: "error" }.
      The world is idle: nothing more can happen.

      Nothing was published to the topic.

      Nothing is on the timeline."
    `);
    world.publish('{"level":"info"}', "About");
    expect(await published.failure(world.topic, { level: "error" })).toMatchInlineSnapshot(`
      "expect(topic "alerts").toHavePublished(match)

      Expected a published message that matches { level: "error" }.
      The world is idle: nothing more can happen.

      Nearest of 1 published message (- expected, + found): message 10000000
          {
        -   level: "error"
        +   level: "info"
          }

      Published 1 message:
        "About": { level: "info" }

      Timeline:
        12:00:00.010  topic alerts ← message 10000000"
    `);
    expect(await published.failure(world.topic, { level: "info" }, true)).toMatchInlineSnapshot(`
      "expect(topic "alerts").not.toHavePublished(match)

      Expected no published message that matches { level: "info" }, but there is one: message 10000000.

      Published 1 message:
        "About": { level: "info" }

      Timeline:
        12:00:00.010  topic alerts ← message 10000000"
    `);
  });
});

describe("toHaveObject", () => {
  test("finds by key, and by what is in it", async () => {
    world.putObject("a.json", '{"id":1}');
    world.putObject("b.txt", "hello");

    expect(await object.check(world.bucket, { key: "a.json" })).toBe(true);
    expect(await object.check(world.bucket, { key: expect.stringMatching(/json$/), match: { id: 1 } })).toBe(true);
    expect(await object.check(world.bucket, { key: "b.txt", match: "hello" })).toBe(true);
    expect(await object.check(world.bucket, { key: "a.json", match: { id: 2 } })).toBe(false);
    expect(await object.check(world.bucket, { key: "c.json" }, true)).toBe(true);
  });

  test("text", async () => {
    world.putObject("a.json", '{"id":1}');

    expect(await object.failure(world.bucket, { key: "a.json", match: { id: 2 } })).toMatchInlineSnapshot(`
      "expect(bucket "failures").toHaveObject(key, match)

      Expected an object "a.json" that matches { id: 2 }.
      The world is idle: nothing more can happen.

      Nearest of 1 object (- expected, + found): "a.json"
          {
        -   id: 2
        +   id: 1
          }

      Objects:
        a.json: { id: 1 }

      Timeline:
        12:00:00.010  bucket failures ← a.json"
    `);
    expect(await object.failure(world.bucket, { key: "b.json" })).toMatchInlineSnapshot(`
      "expect(bucket "failures").toHaveObject(key)

      Expected an object "b.json".
      The world is idle: nothing more can happen.

      Objects:
        a.json: { id: 1 }

      Timeline:
        12:00:00.010  bucket failures ← a.json"
    `);
    expect(await object.failure(world.bucket, { key: "a.json" }, true)).toMatchInlineSnapshot(`
      "expect(bucket "failures").not.toHaveObject(key)

      Expected no object "a.json", but there is one: "a.json".
      The world is idle: nothing more can happen.

      Objects:
        a.json: { id: 1 }

      Timeline:
        12:00:00.010  bucket failures ← a.json"
    `);
  });
});

describe("a topic and a bucket as on-failure destinations", () => {
  test("a topic's documents are resolved from the stream", async () => {
    const from = world.put('{"id":"bad"}');
    world.publish(failureDocument(from, from, 1));

    expect(await failedRecord.check(world.topic, { id: "bad" })).toBe(true);
    expect(await failedBatch.check(world.topic, { records: [{ id: "bad" }] })).toBe(true);
  });

  test("a bucket's documents carry the records: the stream may have lost them", async () => {
    world.streamExists = false;
    const kinesis = {
      data: btoa('{"id":"bad"}'),
      partitionKey: "k",
      sequenceNumber: "7",
      approximateArrivalTimestamp: 1,
    };
    const document = {
      ...JSON.parse(failureDocument("7", "7", 1)),
      payload: JSON.stringify({ Records: [{ kinesis }] }),
    };
    world.putObject("aws/lambda/1", JSON.stringify(document));

    expect(await failedRecord.check(world.bucket, { id: "bad" })).toBe(true);
    expect(await failedRecord.failure(world.bucket, { id: "good" })).toMatchInlineSnapshot(`
      "expect(bucket "failures").toHaveFailedRecord(match)

      Expected a failed record that matches { id: "good" }.
      The world is idle: nothing more can happen.

      Nearest of 1 failed record (- expected, + found): shard 0, key "k", …7
          {
        -   id: "good"
        +   id: "bad"
          }

      1 record of orders shard 0, RetryAttemptsExhausted after 3 invokes:
        shard 0, key "k", …7: { id: "bad" }

      Timeline:
        12:00:00.010  bucket failures ← aws/lambda/1"
    `);
  });

  test("text: nothing there", async () => {
    expect(await failedRecord.failure(world.topic, { id: 1 })).toMatchInlineSnapshot(`
      "expect(topic "alerts").toHaveFailedRecord(match)

      Expected a failed record that matches { id: 1 }.
      The world is idle: nothing more can happen.

      Nothing was published to the topic.

      Nothing is on the timeline."
    `);
    world.putObject("other.json", "{}");
    expect(await failedRecord.failure(world.bucket, { id: 1 })).toMatchInlineSnapshot(`
      "expect(bucket "failures").toHaveFailedRecord(match)

      Expected a failed record that matches { id: 1 }.
      The world is idle: nothing more can happen.

      1 object without a failure document:
        {}

      Timeline:
        12:00:00.010  bucket failures ← other.json"
    `);
  });

  test("takes no stream", async () => {
    await expect(failedRecord.check(world.stream, {})).rejects.toThrowErrorMatchingInlineSnapshot(
      `[TypeError: toHaveFailedRecord takes a queue of LocalEmu, as emu.queue(name) gives, or a topic of LocalEmu, as emu.topic(name) gives, or a bucket of LocalEmu, as emu.bucket(name) gives, not the stream "orders"]`,
    );
  });
});
