import { test } from "@localemu/vitest";
import { expect } from "vitest";

test.for([1, 2])("test %i has an empty world with a frozen clock", async (_, { emu }) => {
  await emu.createStream("orders");
  expect((await emu.clock.read()).mode).toBe("frozen");
  console.log(`emulator ${new URL(emu.endpoint).host}`);
});
