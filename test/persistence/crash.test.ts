import { expect, test } from "vitest";
import { seededRandom } from "../../packages/emulator/src/core/random.ts";
import { crash } from "./crashes.ts";
import { loads } from "./loads.ts";

const seeds = [1, 2, 3, 4, 5];
/** On each data directory, which makes 200 with all loads. Calls cost the most: `npm run crash` has more before each kill. */
const kills = 10;
const mostAnswers = 30;

// At the same time: each mostly waits for programs to start.
test.concurrent.each(loads)(
  "%s: what was acknowledged outlives emulators that are killed",
  async (_, load) => {
    for (const seed of seeds) {
      const working = load(seededRandom(seed));
      const problems = await crash(working, { kills, mostAnswers, random: seededRandom(seed + 1_000_000) });
      expect({ seed, problems }).toEqual({ seed, problems: [] });
      expect(working.answered).toBeGreaterThan(30);
    }
  },
  180_000,
);
