import fc from "fast-check";
import { expect, test } from "vitest";
import { type Act, ConsumerWatch } from "./consumer-watch.ts";
import { exampleSettings } from "./example-records.ts";
import { propertyRuns } from "./property-runs.test.fixture.ts";

const append: fc.Arbitrary<Act> = fc.record({
  do: fc.constant("append"),
  key: fc.nat(4),
  bytes: fc.constantFrom(10, 200, 2000),
});
const pass: fc.Arbitrary<Act> = fc.record({ do: fc.constant("pass"), ms: fc.constantFrom(1, 30, 400, 5000) });
const complete: fc.Arbitrary<Act> = fc.record({
  do: fc.constant("complete"),
  which: fc.nat(10),
  how: fc.nat(11),
  at: fc.nat(10),
});
const acts = fc.array(
  fc.oneof(
    { weight: 40, arbitrary: append },
    { weight: 20, arbitrary: pass },
    { weight: 60, arbitrary: complete },
    { weight: 1, arbitrary: fc.constant<Act>({ do: "close" }) },
    { weight: 1, arbitrary: fc.constant<Act>({ do: "stop" }) },
  ),
  { maxLength: 150, size: "max" },
);

const settingsChanges = fc.record({
  batchSize: fc.integer({ min: 1, max: 6 }),
  batchingWindowMs: fc.constantFrom(0, 0, 300),
  parallelizationFactor: fc.constantFrom(1, 1, 3),
  maxRetryAttempts: fc.constantFrom(-1, 0, 1, 2),
  maxRecordAgeMs: fc.constantFrom(-1, 2000, 20_000),
  bisectOnFunctionError: fc.boolean(),
  onFailure: fc.constantFrom("arn", undefined),
  maxPayloadBytes: fc.constantFrom(1000, 4500),
  tumblingWindowMs: fc.constantFrom(0, 100, 3000, 60_000),
  maxWindowStateBytes: fc.constant(100),
});

const { numRuns, timeout } = propertyRuns(500);

test(
  "whatever happens, the invariants of the stream consumer hold",
  () => {
    const reached = { stopped: 0, ended: 0, discarded: 0, reported: 0, partial: 0, bisected: 0 };
    const windows = { closed: 0, early: 0, discarded: 0 };
    fc.assert(
      fc.property(settingsChanges, acts, (changes, sequence) => {
        const watch = new ConsumerWatch(exampleSettings(changes));
        for (const act of sequence) watch.act(act);
        watch.finish();

        const { consumer } = watch;
        const { kind, memory } = consumer.intake;
        const over = kind === "stopped" ? ["drained", "stopped"] : ["drained"];
        for (const lane of consumer.lanes) expect(over).toContain(lane.kind);
        const lost = consumer.source.filter((record) => !watch.isFinished(record));
        // Who was stopped in time may leave records; the checkpoint was watched not to pass them.
        expect({ kind, position: memory.checkpoint.position, lost }).toEqual(
          watch.stopped && kind === "stopped"
            ? { kind, position: memory.checkpoint.position, lost }
            : { kind: "ended", position: { kind: "shardEnd" }, lost: [] },
        );

        if (kind === "ended") watch.windows.expectAllClosed();

        reached[kind === "stopped" ? "stopped" : "ended"]++;
        reached.discarded += watch.discarded.size;
        reached.reported += consumer.reports.length;
        reached.partial += consumer.notes.filter((note) => note.type === "mapping.partialFailure").length;
        reached.bisected += consumer.notes.filter((note) => note.type === "mapping.bisected").length;
        windows.closed += watch.windows.reached.closed;
        windows.early += watch.windows.reached.early;
        windows.discarded += watch.windows.reached.discarded;
      }),
      { numRuns },
    );
    for (const count of [...Object.values(reached), ...Object.values(windows)]) expect(count).toBeGreaterThan(0);
  },
  timeout,
);
