import { expect, test } from "vitest";
import { soak } from "./run-soak.ts";

// Neither latency nor memory: rounds of seconds on a busy machine cannot tell a leak from noise. `npm run soak` looks at both.
test("mixed traffic with faults leaves nothing behind", { timeout: 120_000 }, async () => {
  const { problems, kinds, refused } = await soak({ rounds: 2, roundMs: 1500, seed: 1 });
  expect(problems).toEqual([]);
  expect(refused).toBeGreaterThan(0);
  expect(kinds.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["PutRecord", "Invoke", "world, used"]));
});
