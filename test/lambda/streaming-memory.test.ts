import { expect, test } from "vitest";
import { measureStreamMemory } from "../bench/stream-memory-metrics.ts";

test("64 MiB streamed through a function URL pass an emulator that does not grow by half of that", async () => {
  const { grownMiB, mibPerSecond } = await measureStreamMemory(64);
  expect(mibPerSecond).toBeGreaterThan(0);
  // NaN where the system does not tell.
  expect(grownMiB).not.toBeGreaterThan(32);
});
