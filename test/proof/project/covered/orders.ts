import { test } from "@localemu/vitest";
import { expect } from "vitest";
import { handler } from "./orders-handler.ts";

test("orders are kept", async ({ emu }) => {
  const stream = await emu.createStream("orders");
  await using fn = await emu.attachHandler("orders-fn", handler);
  await fn.listen(stream);
  await stream.putJson([{ id: 1 }, { id: 2 }], { partitionKey: "k" });
  await emu.idle();
  await expect(fn).toHaveBeenInvoked();
});
