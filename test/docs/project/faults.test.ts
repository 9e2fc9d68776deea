import { test } from "@localemu/vitest";
import { expect } from "vitest";
import { handler } from "./orders-handler.ts";

test("rules", async ({ emu }) => {
  // #region rules
  await emu.faults.add({
    operation: "kinesis:PutRecords",
    error: "ProvisionedThroughputExceededException",
    probability: 0.3,
  });
  await emu.faults.add({
    operation: "lambda:Invoke",
    caller: "mapping",
    error: "TooManyRequestsException",
    times: 2,
  });
  // #endregion
  expect(await emu.faults.list()).toHaveLength(2);
  await emu.faults.clear();
});

// #region throttled
test("a function that is throttled gets its batch later", async ({ emu }) => {
  const stream = await emu.createStream("throttled");
  await using fn = await emu.attachHandler("throttled-fn", handler);
  await fn.listen(stream, { maxRetries: 0 });
  await emu.faults.add({ operation: "lambda:Invoke", caller: "mapping", error: "TooManyRequestsException", times: 2 });

  await stream.putJson([{ id: 1 }], { partitionKey: "k" });

  await expect(fn).toHaveBatches([[{ id: 1 }]]); // not one of the attempts counts as a retry
});
// #endregion
