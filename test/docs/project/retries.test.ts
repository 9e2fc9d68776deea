import { test } from "@localemu/vitest";
import { expect, vi } from "vitest";
import { handler, reportingHandler } from "./orders-handler.ts";

// #region retry
test("a batch is tried again until it succeeds", async ({ emu }) => {
  const keep = vi.fn<typeof handler>(handler).mockRejectedValueOnce(new Error("the database is away"));
  const stream = await emu.createStream("retried");
  await using fn = await emu.attachHandler("retried-fn", keep);
  await fn.listen(stream);

  await stream.putJson([{ id: 1 }, { id: 2 }], { partitionKey: "k" });

  const batch = [{ id: 1 }, { id: 2 }];
  await expect(fn).toHaveBatches([batch, batch]);
});
// #endregion

// #region document
test("what is given up is told with its reason", async ({ emu }) => {
  const stream = await emu.createStream("given-up");
  const dlq = await emu.createQueue("given-up-dlq");
  await using fn = await emu.attachHandler("given-up-fn", handler);
  await fn.listen(stream, { maxRetries: 1, onFailure: dlq });

  await stream.putJson([{ id: 1 }, { id: "bad" }], { partitionKey: "k" });

  await expect(dlq).toHaveFailedBatch({
    condition: "RetryAttemptsExhausted",
    approximateInvokeCount: 2,
    records: [{ id: 1 }, { id: "bad" }], // read from the stream: AWS's document has only their sequence numbers
  });
});
// #endregion

// #region partial
test("with a partial failure only the rest is tried again", async ({ emu }) => {
  const stream = await emu.createStream("partial");
  const dlq = await emu.createQueue("partial-dlq");
  await using fn = await emu.attachHandler("partial-fn", reportingHandler);
  await fn.listen(stream, { reportBatchItemFailures: true, maxRetries: 0, onFailure: dlq, batchSize: 3 });

  await stream.putJson([{ id: 1 }, { id: "bad" }, { id: 3 }], { partitionKey: "k" });

  await expect(fn).toHaveBatches([
    [{ id: 1 }, { id: "bad" }, { id: 3 }],
    [{ id: "bad" }, { id: 3 }],
  ]);
});
// #endregion
