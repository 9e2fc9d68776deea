import { test } from "@localemu/vitest";
import { expect } from "vitest";
import { handler } from "./orders-handler.ts";

// #region age
test("a record that is too old is given up", async ({ emu }) => {
  await emu.clock.freeze();
  const stream = await emu.createStream("aged");
  const dlq = await emu.createQueue("aged-dlq");
  await using fn = await emu.attachHandler("aged-fn", handler);
  await fn.listen(stream, { maxRecordAgeSeconds: 60, onFailure: dlq });
  await stream.putJson([{ id: "bad" }], { partitionKey: "k" });

  await emu.clock.advance(59_000);
  await expect(dlq).toBeEmpty();
  await emu.clock.advance(60_000); // its age is looked at before its next try
  await expect(dlq).toHaveFailedBatch({ condition: "RecordAgeExceeded" });
});
// #endregion

// #region auto
test("an hour of retries takes no time", async ({ emu }) => {
  await emu.clock.auto();
  const stream = await emu.createStream("patient");
  await using fn = await emu.attachHandler("patient-fn", handler);
  const mapping = await fn.listen(stream, { maxRetries: 70 }); // a minute apart, but for the first ones
  await stream.putJson([{ id: "bad" }], { partitionKey: "k" });

  await expect(mapping).toHaveCaughtUp();
  await expect(fn).toHaveBeenInvoked(71);
});
// #endregion
