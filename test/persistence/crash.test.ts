import { expect, test } from "vitest";
import { seededRandom } from "../../packages/emulator/src/core/random.ts";
import { crash } from "./crashes.ts";
import { Puts } from "./puts.ts";

test("what was acknowledged outlives emulators that are killed", async () => {
  const puts = new Puts(seededRandom(1));
  expect(await crash(puts, { kills: 10, random: seededRandom(2) })).toEqual([]);
  expect(puts.answered).toBeGreaterThan(50);
}, 60_000);
