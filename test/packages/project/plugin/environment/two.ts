import { test } from "@localemu/vitest";
import { expect } from "vitest";
import { createOrders, keep } from "../application.ts";

test("a file has a world from its environment", async ({ emu }) => {
  expect(process.env["AWS_PROFILE"]).toBeUndefined();
  await createOrders();
  await keep({ file: "two" });
  await expect(emu.stream("orders")).toHaveRecordTimes(1);
  await expect(emu.stream("orders")).toHaveRecord({ file: "two" });
  expect((await emu.clock.read()).mode).toBe("frozen");
});
