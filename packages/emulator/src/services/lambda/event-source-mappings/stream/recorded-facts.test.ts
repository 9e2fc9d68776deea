import { describe, expect, test } from "vitest";
import { expiryOf, type StreamConsumerSettings } from "../settings.ts";
import {
  exampleInvocation,
  exampleRecord,
  exampleRecords,
  exampleSettings,
  numberOf,
  sequenceOf,
  unhandledError,
} from "./example-records.ts";
import type { InvokeOutcome } from "./outcome.ts";
import type { RecordReference } from "./record.ts";
import { type DiscardCondition, invokeCount } from "./slice.ts";
import { SynchronousConsumer } from "./synchronous-consumer.ts";

type Answer = (batch: readonly RecordReference[]) => InvokeOutcome;

interface Fact {
  readonly fact: string;
  readonly settings: Partial<StreamConsumerSettings>;
  readonly records: readonly [first: number, last: number];
  readonly answer: Answer;
  /** Numbers of the records of each invocation. */
  readonly invocations: readonly (readonly number[])[];
  readonly discarded: readonly Discard[];
}

interface Discard {
  readonly condition: DiscardCondition;
  readonly from: number;
  readonly to: number;
  readonly invokeCount: number;
}

const succeed: Answer = () => ({ kind: "success", invocation: exampleInvocation });
const fail: Answer = () => unhandledError;

const reportRecord =
  (poison: number): Answer =>
  (batch) =>
    batch.some((record) => numberOf(record.sequence) === poison)
      ? { kind: "partial", from: sequenceOf(poison), invocation: exampleInvocation }
      : succeed(batch);

const throwAt =
  (...poison: readonly number[]): Answer =>
  (batch) =>
    batch.some((record) => poison.includes(numberOf(record.sequence))) ? unhandledError : succeed(batch);

const exhausted = (from: number, to: number, invokes: number): Discard => ({
  condition: "RetryAttemptsExhausted",
  from,
  to,
  invokeCount: invokes,
});

const facts: readonly Fact[] = [
  {
    fact: "a success is invoked once",
    settings: {},
    records: [1, 3],
    answer: succeed,
    invocations: [[1, 2, 3]],
    discarded: [],
  },
  ...[0, 1, 2, 3].map((retries) => ({
    fact: `${retries} retries of a batch that always fails make ${retries + 1} invokes`,
    settings: { maxRetryAttempts: retries },
    records: [1, 2] as const,
    answer: fail,
    invocations: Array.from({ length: retries + 1 }, () => [1, 2]),
    discarded: [exhausted(1, 2, retries + 1)],
  })),
  {
    fact: "record 5 of 0 to 5, always reported: delivered 5 times, and the report says 4",
    settings: { batchSize: 3, maxRetryAttempts: 3, reportBatchItemFailures: true },
    records: [0, 5],
    answer: reportRecord(5),
    invocations: [[0, 1, 2], [3, 4, 5], [5], [5], [5], [5]],
    discarded: [exhausted(5, 5, 4)],
  },
  {
    fact: "a report of the first record is an ordinary failed try",
    settings: { batchSize: 1, maxRetryAttempts: 2, reportBatchItemFailures: true },
    records: [1, 1],
    answer: reportRecord(1),
    invocations: [[1], [1], [1]],
    discarded: [exhausted(1, 1, 3)],
  },
  {
    fact: "10 + 10 + 10 records with BatchSize 10 are 3 batches of 10",
    settings: { batchSize: 10 },
    records: [1, 30],
    answer: succeed,
    invocations: [0, 10, 20].map((offset) => Array.from({ length: 10 }, (_, index) => offset + index + 1)),
    discarded: [],
  },
  {
    fact: "splitting isolates a poison record, does not use up retries and leaves the rest in order",
    settings: { maxRetryAttempts: 1, bisectOnFunctionError: true },
    records: [1, 4],
    answer: throwAt(3),
    invocations: [[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]],
    discarded: [exhausted(3, 3, 2)],
  },
  {
    fact: "splitting isolates every poison record",
    settings: { maxRetryAttempts: 0, bisectOnFunctionError: true },
    records: [1, 4],
    answer: throwAt(1, 4),
    invocations: [[1, 2, 3, 4], [1, 2], [1], [2], [3, 4], [3], [4]],
    discarded: [exhausted(1, 1, 1), exhausted(4, 4, 1)],
  },
  {
    fact: "with splitting on, a partial failure cuts at the reported record",
    settings: { maxRetryAttempts: 0, bisectOnFunctionError: true, reportBatchItemFailures: true },
    records: [1, 5],
    answer: reportRecord(4),
    invocations: [[1, 2, 3, 4, 5], [4, 5], [4], [5]],
    discarded: [exhausted(4, 4, 1)],
  },
];

describe.each([
  { destination: "arn:aws:sqs:us-east-1:000000000000:failures", reports: true },
  { destination: undefined, reports: false },
])("with OnFailure $destination", ({ destination, reports }) => {
  test.each(facts)("$fact", (fact) => {
    const settings = exampleSettings({ ...fact.settings, onFailure: destination });
    const consumer = new SynchronousConsumer(settings);
    consumer.source.push(...exampleRecords(...fact.records, settings));
    consumer.run(fact.answer);
    expect(numbersOf(consumer)).toEqual(fact.invocations);
    expect(discardsOf(consumer)).toEqual(fact.discarded);
    expect(consumer.reports).toHaveLength(reports ? fact.discarded.length : 0);
    for (const { condition, slice } of consumer.reports) {
      expect(fact.discarded).toContainEqual({
        condition,
        from: numberOf(slice.from.sequence),
        to: numberOf(slice.to.sequence),
        invokeCount: invokeCount(slice, condition),
      });
    }
    expect(consumer.checkpoint.position).toEqual({ kind: "afterSequence", sequence: sequenceOf(fact.records[1]) });
  });
});

test("of one old and five fresh records just the old one is discarded, as invoked once", () => {
  const settings = exampleSettings({ batchSize: 10, maxRetryAttempts: 0, maxRecordAgeMs: 60_000, onFailure: "arn" });
  const consumer = new SynchronousConsumer(settings);
  consumer.source.push(exampleRecord(1, settings));
  consumer.now = 60_000;
  for (let number = 2; number <= 6; number++) {
    consumer.source.push(exampleRecord(number, settings, { arrival: 60_000 }));
  }
  consumer.run(succeed);
  expect(discardsOf(consumer)).toEqual([{ condition: "RecordAgeExceeded", from: 1, to: 1, invokeCount: 1 }]);
  expect(numbersOf(consumer)).toEqual([[2, 3, 4, 5, 6]]);
});

test("a record that fails until it is 60 s old was tried 7 times and is reported with 8, when waits begin at 500 ms", () => {
  const backoff = { firstDelayMs: 500, maxDelayMs: 60_000 };
  const settings = exampleSettings({ batchSize: 1, maxRecordAgeMs: 60_000, backoff });
  const consumer = new SynchronousConsumer(settings);
  consumer.source.push(exampleRecord(1, settings));
  consumer.run(fail);
  expect(consumer.invocations).toHaveLength(7);
  expect(consumer.now).toBe(63_500);
  expect(discardsOf(consumer)).toEqual([{ condition: "RecordAgeExceeded", from: 1, to: 1, invokeCount: 8 }]);
});

test("tries that did not reach the function are not counted, and go on until the record leaves the stream", () => {
  const settings = exampleSettings({ maxRetryAttempts: 0, retentionMs: 600_000 });
  const consumer = new SynchronousConsumer(settings);
  consumer.source.push(exampleRecord(1, settings));
  consumer.run(() => ({ kind: "notInvoked", reason: "throttled" }));
  expect(consumer.now).toBeGreaterThanOrEqual(expiryOf(0, settings));
  expect(discardsOf(consumer)).toEqual([{ condition: "RecordAgeExceeded", from: 1, to: 1, invokeCount: 1 }]);
});

test("the second batch starts when the first is done, whatever else has arrived", () => {
  const consumer = new SynchronousConsumer(exampleSettings({ batchSize: 2 }));
  consumer.source.push(...exampleRecords(1, 2));
  consumer.completable().forEach((effect) => effect.kind === "read" && consumer.completeRead(effect));
  consumer.source.push(...exampleRecords(3, 5));
  consumer.completable().forEach((effect) => effect.kind === "read" && consumer.completeRead(effect));
  expect(numbersOf(consumer)).toEqual([[1, 2]]);
  consumer.run(succeed);
  expect(numbersOf(consumer)).toEqual([[1, 2], [3, 4], [5]]);
});

function numbersOf(consumer: SynchronousConsumer): readonly (readonly number[])[] {
  return consumer.invocations.map((batch) => batch.map((record) => numberOf(record.sequence)));
}

function discardsOf(consumer: SynchronousConsumer): readonly Discard[] {
  return consumer.notes.flatMap((note) =>
    note.type === "mapping.recordsDiscarded"
      ? [
          {
            condition: note.condition,
            from: numberOf(note.from),
            to: numberOf(note.to),
            invokeCount: note.invokeCount,
          },
        ]
      : [],
  );
}
