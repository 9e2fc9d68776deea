import { test } from "@localemu/vitest";
import { expect } from "vitest";
import { createOrders } from "../application.ts";

// With isolation by test, the second one finds nothing of the first.
test.for([1, 2])("test %i", async (_, { emu }) => {
  await createOrders();
  await expect(emu.stream("orders")).toHaveRecordTimes(0);
});
