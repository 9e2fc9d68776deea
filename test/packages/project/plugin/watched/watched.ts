import { test } from "@localemu/vitest";
import { subject } from "./subject.ts";

test("a world for each run", async ({ emu }) => {
  await emu.createStream("orders");
  console.log(`subject ${subject}, world ${emu.world}, emulator ${new URL(emu.endpoint).host}`);
});
