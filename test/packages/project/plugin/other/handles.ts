import { test } from "@localemu/vitest";
import { expect } from "vitest";

test("handles alone", async ({ emu }) => {
  const stream = await emu.createStream("orders");
  await stream.putJson([{ id: 1 }], { partitionKey: "k" });
  await emu.idle();
  await expect(stream).toHaveRecord({ id: 1 });
  expect((await emu.clock.read()).mode).toBe("frozen");
});
