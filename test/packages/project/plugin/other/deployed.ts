import { test } from "@localemu/vitest";
import { expect } from "vitest";

test("an entry in TypeScript is deployed", async ({ emu }) => {
  const orders = await emu.createStream("orders");
  const dlq = await emu.createQueue("orders-dlq");
  // #region deploy
  const fn = await emu.deployEntry({ name: "orders-fn", entry: "./deploy/orders-fn.ts", timeout: 10 });
  await fn.listen(orders, { maxRetries: 0, onFailure: dlq });
  // #endregion
  await orders.putJson([{ id: 1 }], { partitionKey: "k" });
  await expect(fn).toHaveBatches([[{ id: 1 }]]);
  await expect(dlq).toBeEmpty();
  const { payload } = await fn.invoke({ Records: [{ kinesis: { data: "e30=" } }] });
  expect(payload).toMatchObject({
    errorMessage: "an order without id",
    trace: expect.arrayContaining([expect.stringMatching(/deploy[\\/]order\.ts:8:/)]),
  });
});
