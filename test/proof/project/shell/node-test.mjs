import assert from "node:assert/strict";
import { test } from "node:test";
import { useLocalEmu } from "@localemu/testkit/node";
import { callEverything } from "./calls.ts";

test("clients without configuration reach the world", async (t) => {
  const emu = await useLocalEmu(t);
  assert.deepEqual(await callEverything(), { region: emu.region, account: emu.accountId });
  assert.equal((await emu.queue("jobs").messages()).length, 1);
});
