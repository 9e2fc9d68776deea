// #region bisect
import { test } from "@localemu/vitest";
import { expect } from "vitest";
import { handler } from "./orders-handler.ts";

test("a poison record is isolated and lands in the dead-letter queue", async ({ emu }) => {
  const stream = await emu.createStream("bisected");
  const dlq = await emu.createQueue("bisected-dlq");
  await using fn = await emu.attachHandler("bisected-fn", handler);
  const mapping = await fn.listen(stream, { bisectOnError: true, maxRetries: 2, onFailure: dlq });

  await stream.putJson([{ id: 1 }, { id: "bad" }, { id: 3 }], { partitionKey: "k" });

  await expect(dlq).toHaveFailedRecord({ id: "bad" });
  await expect(dlq).not.toHaveFailedRecord({ id: 1 });
  await expect(mapping).toHaveCaughtUp();
});
// #endregion
