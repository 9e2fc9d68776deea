import { test } from "@localemu/vitest";
import { expect } from "vitest";

test("the clock runs", async ({ emu }) => {
  expect((await emu.clock.read()).mode).toBe("running");
  console.log(`emulator ${new URL(emu.endpoint).host}`);
});
