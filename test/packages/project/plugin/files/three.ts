import { test } from "@localemu/vitest";
import { expect } from "vitest";
import { createOrders, keep } from "../application.ts";

test("a file has its world for itself", async ({ emu }) => {
  expect(process.env["AWS_PROFILE"]).toBeUndefined();
  await createOrders();
  await keep({ file: "three" });
  await expect(emu.stream("orders")).toHaveRecordTimes(1);
  await expect(emu.stream("orders")).toHaveRecord({ file: "three" });
});
