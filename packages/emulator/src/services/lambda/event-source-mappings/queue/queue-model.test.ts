import fc from "fast-check";
import { expect, test } from "vitest";
import { exampleQueueSettings, partial, success, unhandled } from "./example-messages.ts";
import { SimulatedQueue } from "./simulated-queue.ts";
import type { ReceivedReference } from "./simulated-queue.ts";

interface Scenario {
  readonly count: number;
  readonly poison: readonly number[];
  readonly batchSize: number;
  readonly maxReceiveCount: number;
  readonly reports: boolean;
}

interface History {
  readonly invocations: (readonly number[])[];
  readonly dead: number[];
}

/** What is to happen to a queue of which some messages are poison: rounds of visible messages instead of states. */
function expectedHistory({ count, poison, batchSize, maxReceiveCount, reports }: Scenario): History {
  const history: History = { invocations: [], dead: [] };
  const bad = new Set(poison);
  let visible = Array.from({ length: count }, (_, index) => index);
  for (let receive = 1; visible.length > 0; receive++) {
    if (receive > maxReceiveCount) {
      history.dead.push(...visible);
      break;
    }
    const left: number[] = [];
    for (let start = 0; start < visible.length; start += batchSize) {
      const batch = visible.slice(start, start + batchSize);
      history.invocations.push(batch);
      const failed = batch.filter((message) => bad.has(message));
      if (failed.length > 0) left.push(...(reports ? failed : batch));
    }
    visible = left;
  }
  return history;
}

const scenarios = fc.record({
  count: fc.integer({ min: 0, max: 40 }),
  poison: fc.uniqueArray(fc.nat(39), { maxLength: 6 }),
  batchSize: fc.integer({ min: 1, max: 25 }),
  maxReceiveCount: fc.integer({ min: 1, max: 4 }),
  reports: fc.boolean(),
});

const numbersOf = (messages: readonly ReceivedReference[]): readonly number[] =>
  messages.map(({ stored }) => stored.place);

test("the machines do what the model of rounds says", () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const { count, poison, batchSize, maxReceiveCount, reports } = scenario;
      const settings = exampleQueueSettings({
        batchSize,
        batchingWindowMs: batchSize > 10 ? 1000 : 0,
        firstConcurrency: 1,
        maxConcurrency: 1,
      });
      const queue = new SimulatedQueue({ settings, visibilityMs: 30_000, maxReceiveCount });
      queue.load(count);
      const bad = new Set(poison);
      while (queue.stored.some(({ state }) => state === "visible" || state === "inFlight")) {
        const batch = queue.batches.find(({ invoked }) => invoked !== undefined);
        if (batch?.invoked === undefined) {
          queue.pass(1000);
          continue;
        }
        const failed = batch.invoked.filter(({ stored }) => bad.has(stored.place)).map(({ messageId }) => messageId);
        queue.complete(batch, failed.length === 0 ? success : reports ? partial(...failed) : unhandled);
      }

      const dead = queue.stored.filter(({ state }) => state === "dead").map(({ place }) => place);
      const expected = expectedHistory(scenario);
      expect(queue.invocations.map(numbersOf)).toEqual(expected.invocations);
      expect(dead.toSorted((a, b) => a - b)).toEqual(expected.dead);
    }),
    { numRuns: 400 },
  );
});
