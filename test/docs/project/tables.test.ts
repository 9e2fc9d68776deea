import { test } from "@localemu/vitest";
import { expect } from "vitest";

test("a table's stream is processed, and what fails is told with its keys", async ({ emu }) => {
  const table = await emu.createTable("totals", { partitionKey: "customer" });
  const dlq = await emu.createQueue("totals-dlq");
  const fail = () => Promise.reject(new Error("no"));
  await using fn = await emu.attachHandler("totals-fn", fail);
  await fn.listen(table, { maxRetries: 0, onFailure: dlq });
  await table.put({ customer: "a", total: 1 });
  await table.put({ customer: "a", total: 3 });

  // #region tables
  await expect(table).toHaveRecord({ eventName: "MODIFY", newImage: { total: 3 } });
  await expect(dlq).toHaveFailedRecord({ keys: { customer: "a" } });
  // #endregion
});
