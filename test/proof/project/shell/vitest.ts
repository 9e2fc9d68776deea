import { test } from "@localemu/vitest";
import { expect } from "vitest";
import { callEverything } from "./calls.ts";

test("clients without configuration reach the world", async ({ emu }) => {
  expect(await callEverything()).toEqual({ region: emu.region, account: emu.accountId });
  await expect(emu.queue("jobs")).toHaveMessage(1);
  await expect(emu.bucket("reports")).toHaveObject("a");
});
