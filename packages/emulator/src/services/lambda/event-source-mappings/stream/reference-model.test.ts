import fc from "fast-check";
import { expect, test } from "vitest";
import type { StreamConsumerSettings } from "../settings.ts";
import { exampleInvocation, exampleRecord, exampleSettings, numberOf, unhandledError } from "./example-records.ts";
import type { InvokeOutcome } from "./outcome.ts";
import type { RecordReference } from "./record.ts";
import { propertyRuns } from "./property-runs.test.fixture.ts";
import { type InvokeEffect, SynchronousConsumer } from "./synchronous-consumer.ts";
import type { InvokeWindow } from "./tumbling-window.ts";

/** What the function is given: its window's state is how many records it has processed in that window. */
interface Given {
  readonly records: readonly number[];
  readonly window?: { readonly start: number; readonly processed: number; readonly isFinal: boolean };
}

interface History {
  readonly invocations: Given[];
  /** The runs that were given up. */
  readonly discarded: (readonly number[])[];
  /** The starts of the windows that were given up. */
  readonly discardedWindows: number[];
}

interface Poison {
  readonly records: ReadonlySet<number>;
  /** How often the last invocation of each window fails. */
  readonly closings: number;
}

/** When a record arrives: five of them a second. */
const arrivalOf = (record: number): number => record * 200;

/** What is to happen to records of which some are poison: recursion instead of states. */
function expectedHistory(records: readonly number[], poison: Poison, settings: StreamConsumerSettings): History {
  const history: History = { invocations: [], discarded: [], discardedWindows: [] };
  const length = settings.tumblingWindowMs;
  const startOf = (record: number): number => (length === 0 ? 0 : arrivalOf(record) - (arrivalOf(record) % length));
  let processed = 0;

  const give = (batch: readonly number[], start: number, isFinal = false): void => {
    history.invocations.push({ records: batch, ...(length === 0 ? {} : { window: { start, processed, isFinal } }) });
  };

  const process = (batch: readonly number[], attempts: number): void => {
    const [first] = batch;
    if (first === undefined) return;
    give(batch, startOf(first));
    const bad = batch.findIndex((record) => poison.records.has(record));
    if (bad === -1) return void (processed += batch.length);
    if (settings.reportBatchItemFailures && bad > 0) {
      processed += bad;
      return process(batch.slice(bad), 0);
    }
    if (settings.bisectOnFunctionError && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      process(batch.slice(0, middle), 0);
      return process(batch.slice(middle), 0);
    }
    if (attempts < settings.maxRetryAttempts) return process(batch, attempts + 1);
    history.discarded.push(batch);
  };

  const close = (start: number): void => {
    for (let attempts = 0; attempts <= settings.maxRetryAttempts; attempts++) {
      give([], start, true);
      if (attempts >= poison.closings) return;
    }
    history.discardedWindows.push(start);
  };

  for (const [start, window] of Map.groupBy(records, startOf)) {
    processed = 0;
    for (let from = 0; from < window.length; from += settings.batchSize) {
      process(window.slice(from, from + settings.batchSize), 0);
    }
    if (length > 0) close(start);
  }
  return history;
}

function poisonedFunction(poison: Poison, settings: StreamConsumerSettings) {
  const closings = new Map<number, number>();
  return (batch: readonly RecordReference[], window: InvokeWindow | undefined): InvokeOutcome => {
    const tries = (closings.get(window?.start ?? 0) ?? 0) + 1;
    if (window?.isFinal === true) closings.set(window.start, tries);
    if (window?.isFinal === true && tries <= poison.closings) return unhandledError;
    const index = batch.findIndex((record) => poison.records.has(numberOf(record.sequence)));
    const bad = batch[index];
    if (bad !== undefined && !settings.reportBatchItemFailures) return unhandledError;
    const state = JSON.stringify(processedIn(window) + (bad === undefined ? batch.length : index));
    if (bad === undefined) return { kind: "success", invocation: exampleInvocation, state };
    return { kind: "partial", from: bad.sequence, invocation: exampleInvocation, state };
  };
}

/** The state of a window that begins is an empty object. */
function processedIn(window: InvokeWindow | undefined): number {
  return window === undefined || window.state === "{}" ? 0 : Number(window.state);
}

const scenarios = fc.record({
  count: fc.integer({ min: 0, max: 40 }),
  poison: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 6 }),
  batchSize: fc.integer({ min: 1, max: 12 }),
  maxRetryAttempts: fc.integer({ min: 0, max: 4 }),
  bisectOnFunctionError: fc.boolean(),
  reportBatchItemFailures: fc.boolean(),
  onFailure: fc.constantFrom("arn", undefined),
  tumblingWindowMs: fc.constantFrom(0, 0, 1000, 3000, 900_000),
  closings: fc.constantFrom(0, 0, 1, 3),
});

const { numRuns, timeout } = propertyRuns(500);

test(
  "the machines do what the recursive model says",
  () => {
    fc.assert(
      fc.property(scenarios, ({ count, poison, closings, ...changes }) => {
        const settings = exampleSettings(changes);
        const bad = { records: new Set(poison), closings };
        const records = Array.from({ length: count }, (_, index) =>
          exampleRecord(index + 1, settings, { arrival: arrivalOf(index + 1) }),
        );
        const consumer = new SynchronousConsumer(settings);
        consumer.source.push(...records);
        consumer.closed = true;
        consumer.run(poisonedFunction(bad, settings));

        const expected = expectedHistory(
          records.map(({ sequence }) => numberOf(sequence)),
          bad,
          settings,
        );
        expect(consumer.invokes.map(given)).toEqual(expected.invocations);
        const discarded = consumer.notes.flatMap((note) => (note.type === "mapping.recordsDiscarded" ? [note] : []));
        expect(discarded.map(({ from, to }) => [numberOf(from), numberOf(to)])).toEqual(
          expected.discarded.map((run) => [run[0], run.at(-1)]),
        );
        const windows = consumer.notes.flatMap((note) => (note.type === "mapping.windowDiscarded" ? [note.start] : []));
        expect(windows).toEqual(expected.discardedWindows);
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

function given({ records, window }: InvokeEffect): Given {
  if (window === undefined) return { records: numbers(records) };
  const { start, isFinal } = window;
  return { records: numbers(records), window: { start, processed: processedIn(window), isFinal } };
}
