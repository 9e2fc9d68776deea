import fc from "fast-check";
import { expect, test } from "vitest";
import type { BatchOutcome } from "./batch.ts";
import { exampleQueueSettings, partial, success, throttled, unhandled } from "./example-messages.ts";
import { SimulatedQueue } from "./simulated-queue.ts";
import type { ReceivedReference } from "./simulated-queue.ts";

type Act =
  | { readonly do: "send"; readonly group: number; readonly bytes: number }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "complete"; readonly which: number; readonly how: number; readonly message: number }
  | { readonly do: "stop" };

const acts = fc.array(
  fc.oneof(
    {
      weight: 40,
      arbitrary: fc.record({
        do: fc.constant("send" as const),
        group: fc.nat(3),
        bytes: fc.constantFrom(10, 200, 900),
      }),
    },
    { weight: 25, arbitrary: fc.record({ do: fc.constant("pass" as const), ms: fc.constantFrom(1, 30, 400, 1000) }) },
    {
      weight: 50,
      arbitrary: fc.record({
        do: fc.constant("complete" as const),
        which: fc.nat(9),
        how: fc.nat(9),
        message: fc.nat(9),
      }),
    },
    { weight: 1, arbitrary: fc.constant<Act>({ do: "stop" }) },
  ),
  { maxLength: 120, size: "max" },
);

const scenarios = fc.record({
  fifo: fc.boolean(),
  visibilityMs: fc.constantFrom(500, 1000, 3000),
  maxReceiveCount: fc.constantFrom(1, 3, Infinity),
  changes: fc.record({
    batchSize: fc.integer({ min: 1, max: 25 }),
    batchingWindowMs: fc.constantFrom(0, 0, 300),
    firstConcurrency: fc.constantFrom(1, 2),
    maxConcurrency: fc.constantFrom(2, 4),
    maxPayloadBytes: fc.constantFrom(1000, 4000),
  }),
});

function outcomeOf(how: number, which: number, batch: readonly ReceivedReference[]): BatchOutcome {
  if (how < 4) return success;
  if (how < 6) return unhandled;
  if (how < 8) return partial(batch[which % batch.length]?.messageId ?? "");
  return throttled;
}

/** Does what it is told and checks the invariants after each act. */
class InvariantWatch {
  readonly queue: SimulatedQueue;
  readonly #fifo: boolean;
  #seen = 0;
  stopped = false;

  constructor(queue: SimulatedQueue, fifo: boolean) {
    this.queue = queue;
    this.#fifo = fifo;
  }

  act(act: Act): void {
    const { queue } = this;
    if (act.do === "send") queue.send(`m-${queue.stored.length}`, this.#fifo ? `g-${act.group}` : undefined, act.bytes);
    if (act.do === "pass") queue.pass(act.ms);
    if (act.do === "complete") {
      const running = queue.batches.filter(({ invoked }) => invoked !== undefined);
      const batch = running[act.which % Math.max(1, running.length)];
      if (batch?.invoked !== undefined) queue.complete(batch, outcomeOf(act.how, act.message, batch.invoked));
    }
    if (act.do === "stop" && !this.stopped) {
      this.stopped = true;
      queue.stop();
    }
    this.#check();
  }

  #check(): void {
    const { queue } = this;
    for (const messages of queue.invocations.slice(this.#seen)) this.#checkInvocation(messages);
    this.#seen = queue.invocations.length;
    // Q2
    expect(queue.batches.length).toBeLessThanOrEqual(queue.options.settings.maxConcurrency);
    // Q4
    const invoked = queue.batches.flatMap((batch) => (batch.invoked ?? []).map((message) => ({ batch, message })));
    const hidden = invoked.filter(({ message }) => message.groupId !== undefined && message.visibleAt > queue.now);
    const batchOfGroup = new Map(hidden.map(({ batch, message }) => [message.groupId, batch]));
    for (const { batch, message } of hidden) expect(batchOfGroup.get(message.groupId)).toBe(batch);
    // Q6
    if (queue.finished) expect(queue.batches).toEqual([]);
  }

  #checkInvocation(messages: readonly ReceivedReference[]): void {
    const { settings } = this.queue.options;
    // Q1
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.length).toBeLessThanOrEqual(settings.batchSize);
    const bytes = messages.reduce((sum, message) => sum + message.bytes + 1, 14);
    if (messages.length > 1) expect(bytes).toBeLessThanOrEqual(settings.maxPayloadBytes);
    // Q5
    for (const [index, { stored, groupId }] of messages.entries()) {
      if (groupId === undefined) continue;
      const before = this.queue.stored.filter(
        (other) => other.groupId === groupId && other.place < stored.place && other.state !== "dead",
      );
      const given = new Set(messages.slice(0, index).map((message) => message.stored));
      expect(before.filter((other) => other.state !== "deleted" && !given.has(other))).toEqual([]);
    }
  }
}

test("whatever happens, the invariants of the queue consumer hold", () => {
  const reached = { stopped: 0, deleted: 0, dead: 0, released: 0, left: 0, raised: 0 };
  fc.assert(
    fc.property(scenarios, acts, ({ fifo, changes, ...options }, sequence) => {
      const queue = new SimulatedQueue({ settings: exampleQueueSettings(changes), ...options });
      const watch = new InvariantWatch(queue, fifo);
      for (const act of sequence) watch.act(act);

      // From here on all goes well, so that everything comes to its end.
      for (let turns = 0; turns < 2000 && (queue.batches.length > 0 || isOpen(queue, watch.stopped)); turns++) {
        const batch = queue.batches.find(({ invoked }) => invoked !== undefined);
        if (batch === undefined) queue.pass(100);
        else queue.complete(batch, success);
      }
      expect(queue.finished).toBe(watch.stopped);
      // Q3
      expect(queue.received.filter((message) => !queue.fates.has(message))).toEqual([]);
      // Q7
      const left = queue.stored.filter(({ state }) => state !== "deleted" && state !== "dead");
      expect(left).toEqual(watch.stopped ? left : []);

      if (watch.stopped) reached.stopped++;
      for (const { state } of queue.stored) if (state === "deleted" || state === "dead") reached[state]++;
      for (const fate of queue.fates.values()) {
        if (fate === "release") reached.released++;
        if (fate === "leave") reached.left++;
      }
      for (const { type } of queue.notes) if (type === "mapping.concurrencyRaised") reached.raised++;
    }),
    { numRuns: 400 },
  );
  for (const count of Object.values(reached)) expect(count).toBeGreaterThan(0);
});

function isOpen(queue: SimulatedQueue, stopped: boolean): boolean {
  return !stopped && queue.stored.some(({ state }) => state === "visible" || state === "inFlight");
}
