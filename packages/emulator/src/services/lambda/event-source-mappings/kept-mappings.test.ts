import { describe, expect, test } from "vitest";
import { Activity } from "../../../activity.ts";
import { fakeHostTime } from "../../../core/fake-host-time.ts";
import { randomIds } from "../../../core/ids.ts";
import { seededRandom } from "../../../core/random.ts";
import { WorldClock } from "../../../core/world-clock.ts";
import type { DocumentStore } from "../../../storage/document-store.ts";
import { memoryDocuments } from "../../../storage/memory-documents.ts";
import { describeMapping } from "./mapping.ts";
import { Mappings } from "./mappings.ts";
import type { Invoked } from "./ports.ts";
import { quickBackoff } from "./settings.ts";
import { mappedFunction } from "./stream/example-mapping.test.fixture.ts";
import { numberOf } from "./stream/example-records.ts";
import { FakeStream } from "./stream/fake-stream.test.fixture.ts";

const region = "us-east-1";
const minute = 60_000;
const denied = { kind: "refused", reason: "denied", error: "not you" } as const;
const queueArn = `arn:aws:sqs:${region}:000000000000:dlq`;

/** A stream, which outlives the emulators that read it. */
function newStream(shards = 1): FakeStream {
  return new FakeStream("a-stream", shards, new WorldClock(fakeHostTime(), () => {}));
}

interface Invocation {
  readonly numbers: readonly number[];
  answer(invoked: Invoked): void;
}

const success: Invoked = { kind: "success", requestId: "a-request", executedVersion: "$LATEST", payload: "null" };
const failure: Invoked = {
  kind: "functionError",
  error: "unhandled",
  requestId: "the-failed-request",
  executedVersion: "$LATEST",
  message: "no",
};

/** The mappings of one emulator; to be killed is not to be looked at any more. */
function emulator(documents: DocumentStore, from: FakeStream, { takesReports = false } = {}) {
  let stream = from;
  const host = fakeHostTime();
  const errors: unknown[] = [];
  const clock = new WorldClock(host, (error) => errors.push(error));
  clock.setMode("frozen");
  const invocations: Invocation[] = [];
  const reports: string[] = [];
  const created = new Set<() => void>();
  let opened = 0;
  const mappings = new Mappings({
    clock,
    host,
    ids: { ...randomIds(), fraction: seededRandom(1) },
    activity: new Activity(host),
    backoff: quickBackoff,
    documents,
    record: () => {},
    reportInternalError: (_, error) => errors.push(error),
    ports: {
      onStreamCreated: (_, listener) => {
        created.add(listener);
        return () => created.delete(listener);
      },
      openStream: () => {
        opened++;
        return Promise.resolve(stream.deleted ? undefined : stream);
      },
      openQueue: () => Promise.resolve(undefined),
      openDestination: () =>
        Promise.resolve({
          send(report) {
            reports.push(report);
            // What is not taken is under way when its emulator is killed.
            return takesReports ? Promise.resolve() : new Promise(() => {});
          },
        }),
      findFunction: () => mappedFunction,
      invoke: (_, __, payload) => {
        const { Records }: { Records: { kinesis: { sequenceNumber: string } }[] } = JSON.parse(payload);
        const numbers = Records.map(({ kinesis }) => numberOf(kinesis.sequenceNumber));
        return new Promise((answer) => void invocations.push({ numbers, answer }));
      },
    },
  });
  return {
    mappings,
    invocations,
    reports,
    errors,
    opened: () => opened,
    waiting: () => host.timers,
    streamComes(again: FakeStream) {
      stream = again;
      for (const listener of created) listener();
    },
    /** Lets time pass until a restored mapping has begun. */
    async pass(ms = 5000) {
      host.pass(ms);
      for (let turns = 0; turns < 10; turns++) await new Promise<void>((done) => host.setImmediate(done));
    },
    /** Lets what waits for world time come up. */
    async advance(ms: number) {
      clock.moveTo(clock.now() + ms);
      while (clock.fireDue());
      await this.pass();
    },
    /** Has the newest invocation fail, and waits until it is tried again. */
    async fail() {
      invocations.at(-1)?.answer(failure);
      await this.pass();
      await this.advance(minute);
    },
    async create(change: object = {}) {
      const input = {
        FunctionName: "orders-fn",
        EventSourceArn: stream.arn,
        StartingPosition: "TRIM_HORIZON",
      } as const;
      const { UUID = "" } = await mappings.create({ ...input, BatchSize: 2, ...change }, region);
      await this.pass();
      return UUID;
    },
    delivered: () => invocations.map(({ numbers }) => numbers),
  };
}

function put(stream: FakeStream, records: number): void {
  for (let record = 0; record < records; record++) stream.put(record % 8, "{}", () => {});
}

type Change = (mappings: Mappings, uuid: string) => unknown;

const disable: Change = (mappings, UUID) => mappings.update(UUID, { UUID, Enabled: false }, region);

function described(mappings: Mappings) {
  return mappings.list(region).map(describeMapping);
}

test("a mapping says again what it said last, also of what ended while it was denied to read", async () => {
  const stream = newStream();
  put(stream, 2);
  const only = emulator(memoryDocuments(), stream);
  await only.create();
  stream.refusal = denied;
  put(stream, 1);
  await only.pass();
  const result = () => described(only.mappings)[0]?.LastProcessingResult;
  expect(result()).toBe("PROBLEM: not you");
  only.invocations[0]?.answer(success);
  await only.pass();
  expect(result()).toBe("OK");
  await only.advance(minute);
  expect(result()).toBe("PROBLEM: not you");
  stream.trim(0, 3);
  stream.refusal = undefined;
  await only.advance(minute);
  await only.advance(minute);
  expect(result()).toBe("OK");
  expect(only.delivered()).toEqual([[1, 2]]);
});

describe("the next emulator", () => {
  test("reads on after the checkpoints, in order", async () => {
    const documents = memoryDocuments();
    const stream = newStream();
    put(stream, 5);
    const killed = emulator(documents, stream);
    await killed.create();
    killed.invocations[0]?.answer(success);
    await killed.pass();
    expect(killed.delivered()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    const next = emulator(documents, stream);
    next.mappings.restore();
    await next.pass();
    put(stream, 1);
    await next.pass();
    next.invocations[0]?.answer(success);
    await next.pass();
    expect(next.delivered()).toEqual([
      [3, 4],
      [5, 6],
    ]);
  });

  test("has every kind of mapping as it was", async () => {
    const documents = memoryDocuments();
    const stream = newStream();
    const before = emulator(documents, stream);
    const uuid = await before.create({
      StartingPosition: "AT_TIMESTAMP",
      StartingPositionTimestamp: new Date(1_000),
      FilterCriteria: { Filters: [{ Pattern: '{"data":{"a":[1]}}' }] },
      DestinationConfig: { OnFailure: { Destination: queueArn } },
      MetricsConfig: { Metrics: ["EventCount"] },
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      TumblingWindowInSeconds: 30,
      Tags: { team: "a" },
    });
    await before.mappings.update(uuid, { UUID: uuid, Enabled: false, BatchSize: 7, KMSKeyArn: "a-key" }, region);
    await before.pass();
    before.mappings.replaceTags(before.mappings.get(uuid, region), { team: "b" });
    const next = emulator(documents, stream);
    next.mappings.restore();
    expect(described(next.mappings)).toEqual(described(before.mappings));
    expect(next.mappings.get(uuid, region).tags).toEqual({ team: "b" });
    await next.pass();
    // A mapping that is disabled opens nothing.
    expect(next.opened()).toBe(0);
    expect(await next.create({ FunctionName: "another" }).catch(String)).toContain(uuid);
  });

  test("makes an end of what was being deleted, and forgets it", async () => {
    const documents = memoryDocuments();
    const stream = newStream();
    put(stream, 1);
    const killed = emulator(documents, stream);
    killed.mappings.delete(await killed.create(), region);
    const next = emulator(documents, stream);
    next.mappings.restore();
    expect(next.mappings.list(region)).toEqual([]);
    for (const kept of ["mappings", "checkpoints", "givenUp"]) expect(documents.read(`lambda.${kept}`)).toEqual([]);
  });

  test("tells of a stream that is gone, and reads it when it comes again", async () => {
    const documents = memoryDocuments();
    const stream = newStream();
    const killed = emulator(documents, stream);
    const uuid = await killed.create();
    stream.delete();
    const next = emulator(documents, stream);
    next.mappings.restore();
    await next.pass();
    const mapping = next.mappings.get(uuid, region);
    expect(describeMapping(mapping)).toMatchObject({
      State: "Enabled",
      LastProcessingResult: "PROBLEM: Stream not found",
    });
    const again = new FakeStream("another-stream", 1, new WorldClock(fakeHostTime(), () => {}));
    put(again, 1);
    next.streamComes(again);
    await next.pass();
    expect(next.delivered()).toEqual([[1]]);
  });

  test("tries what had failed as often as if it had not", async () => {
    const documents = memoryDocuments();
    const stream = newStream();
    put(stream, 2);
    const killed = emulator(documents, stream);
    const settings = { MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: queueArn } } };
    await killed.create(settings);
    await killed.fail();
    await killed.fail();
    expect(killed.delivered()).toHaveLength(3);
    const next = emulator(documents, stream, { takesReports: true });
    next.mappings.restore();
    await next.pass();
    for (let failures = 1; failures <= 3; failures++) {
      expect(next.reports).toEqual([]);
      expect(next.delivered()).toHaveLength(failures);
      await next.fail();
    }
    expect(next.delivered()).toHaveLength(3);
    expect(next.reports.map((report) => JSON.parse(report).requestContext.approximateInvokeCount)).toEqual([3]);
  });

  test.each<[string, (uuid: string, mappings: Mappings) => Promise<unknown>]>([
    ["", () => Promise.resolve()],
    [" that is changed", (UUID, mappings) => mappings.update(UUID, { UUID, BatchSize: 3 }, region)],
  ])("has a mapping%s say again what it said before it was denied to read", async (_, change) => {
    const documents = memoryDocuments();
    const stream = newStream();
    stream.refusal = denied;
    const killed = emulator(documents, stream);
    const uuid = await killed.create();
    const next = emulator(documents, stream);
    next.mappings.restore();
    await next.pass();
    expect(described(next.mappings)).toMatchObject([{ LastProcessingResult: "PROBLEM: not you" }]);
    stream.refusal = undefined;
    await change(uuid, next.mappings);
    await next.advance(minute);
    expect(described(next.mappings)).toMatchObject([{ LastProcessingResult: "No records processed" }]);
    expect(next.errors).toEqual([]);
  });

  test("sends the report of given up records again as it was, and gives them to the function no more", async () => {
    const documents = memoryDocuments();
    const stream = newStream();
    put(stream, 3);
    const killed = emulator(documents, stream);
    await killed.create({ MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination: queueArn } } });
    killed.invocations[0]?.answer(failure);
    await killed.pass();
    expect(killed.reports).toHaveLength(1);
    const next = emulator(documents, stream);
    next.mappings.restore();
    await next.pass();
    expect(next.reports).toEqual(killed.reports);
    expect(JSON.parse(next.reports[0] ?? "")).toMatchObject({ requestContext: { requestId: "the-failed-request" } });
    // Nothing is read before the report has been taken: the checkpoint cannot pass it.
    expect(next.delivered()).toEqual([]);
  });

  test.each<[when: string, killed: Change, states: readonly string[], next: Change | undefined]>([
    ["was being deleted", (mappings, uuid) => mappings.delete(uuid, region), ["Deleting"], undefined],
    ["was being disabled", disable, ["Disabling", "Disabled"], undefined],
    ["is deleted before it goes on", () => {}, ["Enabled"], (mappings, uuid) => mappings.delete(uuid, region)],
    ["is disabled before it goes on", () => {}, ["Enabled", "Disabled"], disable],
  ])("sends the report that is owed by a mapping that %s", async (_, change, states, changeNext) => {
    const documents = memoryDocuments();
    const stream = newStream();
    put(stream, 2);
    const killed = emulator(documents, stream);
    const uuid = await killed.create({
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: queueArn } },
    });
    killed.invocations[0]?.answer(failure);
    await killed.pass();
    await change(killed.mappings, uuid);
    const next = emulator(documents, stream, { takesReports: true });
    const statesThen = () => next.mappings.list(region).map(({ state }) => state);
    next.mappings.restore();
    expect(statesThen()).toEqual(states.slice(0, 1));
    await changeNext?.(next.mappings, uuid);
    await next.pass();
    expect(next.reports).toEqual(killed.reports);
    expect(next.reports).toHaveLength(1);
    expect(statesThen()).toEqual(states.slice(1));
    expect(next.delivered()).toEqual([]);
    for (const { uuid: left } of next.mappings.list(region)) next.mappings.delete(left, region);
    await next.pass();
    for (const kept of ["mappings", "checkpoints", "givenUp"]) expect(documents.read(`lambda.${kept}`)).toEqual([]);
    expect(next.reports).toHaveLength(1);
    expect(next.errors).toEqual([]);
  });

  test("starts 500 mappings one after the other, each once, whoever changes one meanwhile", async () => {
    const documents = memoryDocuments();
    const stream = newStream();
    const before = emulator(documents, stream);
    for (let index = 0; index < 500; index++) {
      const EventSourceArn = `${stream.arn}-${index}`;
      await before.mappings.create({ FunctionName: "f", EventSourceArn, StartingPosition: "LATEST" }, region);
    }
    await before.pass();
    const next = emulator(documents, stream);
    next.mappings.restore();
    expect(next.opened()).toBe(0);
    expect(next.waiting()).toBe(500);
    await next.pass(500);
    expect(next.opened()).toBeGreaterThan(50);
    expect(next.opened()).toBeLessThan(400);
    const UUID = next.mappings.list(region).at(-1)?.uuid ?? "";
    await next.mappings.update(UUID, { UUID, BatchSize: 3 }, region);
    await next.pass();
    expect(next.waiting()).toBe(0);
    expect(stream.listeners).toBe(before.mappings.list(region).length + 500);
    await next.mappings.close();
    expect(stream.listeners).toBe(500);
    expect(next.errors).toEqual([]);
  });
});
