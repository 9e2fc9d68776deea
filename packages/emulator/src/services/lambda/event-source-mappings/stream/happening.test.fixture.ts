import fc from "fast-check";
import type { StreamConfiguration } from "../mapping.ts";
import { keys } from "./fake-stream.test.fixture.ts";

/** A number means a timestamp so many milliseconds ago. */
export type StartingPoint = "TRIM_HORIZON" | "LATEST" | number;

export type Answer = "success" | "error" | "partial" | "badResponse" | "throttled";

/** One thing that happens; numbers choose among what there is. */
export type Happening =
  | { readonly do: "put"; readonly keys: readonly number[]; readonly skip: boolean }
  | { readonly do: "split" | "merge"; readonly which: number }
  | { readonly do: "trim"; readonly which: number; readonly count: number }
  | { readonly do: "pass"; readonly ms: number }
  | { readonly do: "answer"; readonly which: number; readonly with: Answer; readonly at: number }
  | { readonly do: "takeReport"; readonly which: number; readonly well: boolean }
  | { readonly do: "update"; readonly to: Partial<StreamConfiguration> }
  /** What follows does so after so many turns of the event loop, where else all comes to rest before it. */
  | { readonly do: "rush"; readonly turns: number }
  | { readonly do: "disable" | "enable" | "crash" | "delete" | "create" };

const onlyWhatIsNotSkipped = { Filters: [{ Pattern: '{"data":{"skip":[false]}}' }] };

const which = fc.nat(9);

export const puts: fc.Arbitrary<Happening> = fc.record({
  do: fc.constant("put"),
  keys: fc.array(fc.nat(keys - 1), { minLength: 1, maxLength: 5, size: "max" }),
  skip: fc.constantFrom(false, false, false, true),
});
export const reshards: fc.Arbitrary<Happening> = fc.record({ do: fc.constantFrom("split", "merge"), which });
export const passes: fc.Arbitrary<Happening> = fc.record({
  do: fc.constant("pass"),
  ms: fc.constantFrom(1, 30, 1000, 5000, 90_000, 400_000),
});
const answers: fc.Arbitrary<Happening> = fc.record({
  do: fc.constant("answer"),
  which,
  with: fc.constantFrom("success", "success", "error", "partial", "badResponse", "throttled"),
  at: fc.nat(4),
});
const takenReports: fc.Arbitrary<Happening> = fc.record({
  do: fc.constant("takeReport"),
  which,
  well: fc.boolean(),
});

export const changes: fc.Arbitrary<Partial<StreamConfiguration>> = fc.record(
  {
    BatchSize: fc.integer({ min: 1, max: 5 }),
    MaximumBatchingWindowInSeconds: fc.constantFrom(0, 1),
    ParallelizationFactor: fc.integer({ min: 1, max: 3 }),
    MaximumRecordAgeInSeconds: fc.constantFrom(-1, 60),
    MaximumRetryAttempts: fc.constantFrom(-1, 0, 1, 2),
    BisectBatchOnFunctionError: fc.boolean(),
    TumblingWindowInSeconds: fc.constantFrom(0, 2, 60),
    FunctionResponseTypes: fc.constantFrom([], ["ReportBatchItemFailures"]),
    DestinationConfig: fc.constantFrom({ OnFailure: {} }, { OnFailure: { Destination: "arn:aws:sqs:::dlq" } }),
    FilterCriteria: fc.constant(onlyWhatIsNotSkipped),
  },
  { requiredKeys: [] },
);

export const happenings = fc.array(
  fc.oneof(
    { weight: 40, arbitrary: puts },
    { weight: 40, arbitrary: answers },
    { weight: 14, arbitrary: passes },
    { weight: 10, arbitrary: takenReports },
    { weight: 6, arbitrary: reshards },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("trim"), which, count: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("update"), to: changes }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constantFrom("disable", "enable", "enable", "enable", "crash") }) },
    { weight: 10, arbitrary: fc.record({ do: fc.constant("rush"), turns: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("delete", "create", "create") }) },
  ),
  { maxLength: 80, size: "max" },
);
