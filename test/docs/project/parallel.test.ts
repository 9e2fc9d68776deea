import { test } from "@localemu/vitest";
import { describe, expect } from "vitest";

// #region worlds
describe.concurrent("each test has a world", () => {
  test.for([1, 2, 3])("order %i", async (id, { emu }) => {
    const world = await emu.createWorld();
    const stream = await world.createStream("orders"); // the same name in each
    await stream.putJson([{ id }], { partitionKey: "k" });

    await expect(stream).toHaveRecordTimes(1);
    await world.close();
  });
});
// #endregion
