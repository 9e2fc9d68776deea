import { afterAll, describe, test } from "vitest";
import { campaigns } from "./campaigns/index.ts";
import { FiringRange } from "./firing-range.ts";

/** Always the same input, little of each kind; `npm run fuzz` tries other input, for as long as one likes. */
const seed = 1;

const range = new FiringRange();
afterAll(() => range[Symbol.asyncDispose]());

// One process for all: what one kind of input leaves behind meets the next.
describe("bad input harms nobody", () => {
  // oxlint-disable-next-line vitest/expect-expect -- it rejects with what was harmed, and by what.
  test.for(campaigns.map((kind) => [kind.campaign.name, kind] as const))("%s", async ([, { campaign, salvoes }]) => {
    await campaign.run(range, seed, salvoes);
  });

  // oxlint-disable-next-line vitest/expect-expect -- it rejects with what is kept.
  test("nothing of it is kept, and the process ends in peace", async () => {
    await range.assertBounded();
    await range.stop();
  });
});
