import fc from "fast-check";
import { expect, test } from "vitest";
import { changes, happenings, passes, puts, reshards } from "./stream/happening.test.fixture.ts";
import type { StartingPoint } from "./stream/happening.test.fixture.ts";
import { MappingUnderTest } from "./stream/mapping-under-test.test.fixture.ts";
import { propertyRuns } from "./stream/property-runs.test.fixture.ts";

const scenarios = fc.record({
  shards: fc.integer({ min: 1, max: 3 }),
  before: fc.array(fc.oneof(puts, puts, passes, reshards), { maxLength: 10 }),
  from: fc.constantFrom<StartingPoint>("TRIM_HORIZON", "TRIM_HORIZON", "LATEST", 0, 1000, 10_000),
  settings: changes,
  happenings,
});

/** A model that never comes to these says nothing of them. */
const mustBeReached = [
  "mapping.batchFailed",
  "mapping.bisected",
  "mapping.consumerStopped",
  "mapping.failureReported",
  "mapping.failureReportFailed",
  "mapping.notInvoked",
  "mapping.partialFailure",
  "mapping.recordsDiscarded",
  "mapping.recordsExpired",
  "mapping.recordsFiltered",
  "mapping.shardEnded",
  "mapping.shardGone",
  "mapping.trimmed",
  "mapping.windowClosed",
  "mapping.windowDiscarded",
  "mapping.windowFailed",
  "mapping.windowNotInvoked",
  "mapping.windowOpened",
];

const { numRuns, timeout } = propertyRuns(600);

test(
  "whatever happens, a mapping loses nothing, keeps every key's order and is idle only when all is done",
  async () => {
    const reached = new Set<string>();
    const property = fc.asyncProperty(scenarios, async ({ shards, before, from, settings, happenings: after }) => {
      const mapped = new MappingUnderTest(shards);
      for (const happening of before) await mapped.happen(happening);
      await mapped.begin(from, settings);
      for (const happening of after) await mapped.happen(happening);
      await mapped.finish();
      for (const type of mapped.events) reached.add(type);
    });
    await fc.assert(property, { numRuns });
    expect([...reached]).toEqual(expect.arrayContaining(mustBeReached));
  },
  timeout,
);
