import { expect, test } from "vitest";
import { seededRandom } from "../../packages/emulator/src/core/random.ts";
import { crash } from "./crashes.ts";
import { loads } from "./loads.ts";

test.each(loads)(
  "%s: what was acknowledged outlives emulators that are killed",
  async (_, load) => {
    const working = load(seededRandom(1));
    expect(await crash(working, { kills: 6, random: seededRandom(2) })).toEqual([]);
    expect(working.answered).toBeGreaterThan(50);
  },
  60_000,
);
