import { test } from "@localemu/vitest";
import { expect } from "vitest";

test("the clock jumps, as the root says", async ({ emu }) => {
  expect((await emu.clock.read()).mode).toBe("auto");
  console.log(`emulator ${new URL(emu.endpoint).host}`);
});
