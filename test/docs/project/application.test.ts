import { expect } from "vitest";
// #region application
import { test } from "@localemu/vitest";
import { placeOrder } from "./application.ts"; // uses new KinesisClient({})

test("orders are kept", async ({ emu }) => {
  const stream = await emu.createStream("placed-orders");

  await placeOrder({ id: 1 });

  await expect(stream).toHaveRecord({ id: 1 });
});
// #endregion
