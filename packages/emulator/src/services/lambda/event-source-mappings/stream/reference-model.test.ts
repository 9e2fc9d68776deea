import fc from "fast-check";
import { expect, test } from "vitest";
import type { StreamConsumerSettings } from "../settings.ts";
import { exampleInvocation, exampleRecords, exampleSettings, numberOf, unhandledError } from "./example-records.ts";
import type { InvokeOutcome } from "./outcome.ts";
import type { RecordReference } from "./record.ts";
import { propertyRuns } from "./property-runs.test.fixture.ts";
import { SynchronousConsumer } from "./synchronous-consumer.ts";

interface History {
  readonly invocations: (readonly number[])[];
  /** The runs that were given up. */
  readonly discarded: (readonly number[])[];
}

/** What is to happen to records of which some are poison: recursion instead of states. */
function expectedHistory(
  records: readonly number[],
  poison: ReadonlySet<number>,
  settings: StreamConsumerSettings,
): History {
  const history: History = { invocations: [], discarded: [] };

  const process = (batch: readonly number[], attempts: number): void => {
    if (batch.length === 0) return;
    history.invocations.push(batch);
    const bad = batch.findIndex((record) => poison.has(record));
    if (bad === -1) return;
    if (settings.reportBatchItemFailures && bad > 0) return process(batch.slice(bad), 0);
    if (settings.bisectOnFunctionError && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      process(batch.slice(0, middle), 0);
      return process(batch.slice(middle), 0);
    }
    if (attempts < settings.maxRetryAttempts) return process(batch, attempts + 1);
    history.discarded.push(batch);
  };

  for (let start = 0; start < records.length; start += settings.batchSize) {
    process(records.slice(start, start + settings.batchSize), 0);
  }
  return history;
}

function poisonedFunction(poison: ReadonlySet<number>, settings: StreamConsumerSettings) {
  return (batch: readonly RecordReference[]): InvokeOutcome => {
    const bad = batch.find((record) => poison.has(numberOf(record.sequence)));
    if (bad === undefined) return { kind: "success", invocation: exampleInvocation };
    if (!settings.reportBatchItemFailures) return unhandledError;
    return { kind: "partial", from: bad.sequence, invocation: exampleInvocation };
  };
}

const scenarios = fc.record({
  count: fc.integer({ min: 0, max: 40 }),
  poison: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }),
  batchSize: fc.integer({ min: 1, max: 12 }),
  maxRetryAttempts: fc.integer({ min: 0, max: 4 }),
  bisectOnFunctionError: fc.boolean(),
  reportBatchItemFailures: fc.boolean(),
  onFailure: fc.constantFrom("arn", undefined),
});

const { numRuns, timeout } = propertyRuns(500);

test(
  "the machines do what the recursive model says",
  () => {
    fc.assert(
      fc.property(scenarios, ({ count, poison, ...changes }) => {
        const settings = exampleSettings(changes);
        const bad = new Set(poison);
        const records = count === 0 ? [] : exampleRecords(1, count, settings);
        const consumer = new SynchronousConsumer(settings);
        consumer.source.push(...records);
        consumer.closed = true;
        consumer.run(poisonedFunction(bad, settings));

        const expected = expectedHistory(
          records.map(({ sequence }) => numberOf(sequence)),
          bad,
          settings,
        );
        expect(consumer.invocations.map(numbers)).toEqual(expected.invocations);
        const discarded = consumer.notes.flatMap((note) => (note.type === "mapping.recordsDiscarded" ? [note] : []));
        expect(discarded.map(({ from, to }) => [numberOf(from), numberOf(to)])).toEqual(
          expected.discarded.map((run) => [run[0], run.at(-1)]),
        );
        expect(consumer.reports.map(({ slice }) => numbers(slice.records))).toEqual(
          settings.onFailure === undefined ? [] : expected.discarded,
        );
        expect(consumer.checkpoint.position).toEqual({ kind: "shardEnd" });
      }),
      { numRuns },
    );
  },
  timeout,
);

function numbers(records: readonly RecordReference[]): readonly number[] {
  return records.map((record) => numberOf(record.sequence));
}
