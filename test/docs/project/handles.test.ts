import { test } from "@localemu/vitest";
import { expect } from "vitest";
import { handler } from "./orders-handler.ts";

test("handles", async ({ emu }) => {
  await using _ = await emu.attachHandler("orders-fn", async () => ({}));
  // #region handles
  const orders = await emu.createStream("orders", { shards: 2 }); // emu.stream("orders") for one that exists
  await orders.putJson([{ id: 1 }], { partitionKey: "k" });
  await orders.records(); // everything stored, decoded; nothing is consumed
  await orders.split("shardId-000000000000"); // and merge(shardId, adjacent)

  const dlq = await emu.createQueue("orders-dlq"); // emu.queue("orders-dlq")
  const failed = await emu.createQueue("failed.fifo");
  const jobs = await emu.createQueue("jobs.fifo", { redrive: { queue: failed, maxReceiveCount: 3 } });
  await jobs.send({ job: 1 }, { groupId: "a", deduplicationId: "1" });
  await dlq.messages(); // visible, in flight and delayed; none is received

  const alerts = await emu.createTopic("alerts");
  await alerts.subscribe(dlq); // or a function; and publish(…), messages()
  const reports = await emu.createBucket("reports");
  await reports.put("today.json", { orders: 1 }); // and objects()

  const fn = emu.function("orders-fn");
  const mapping = await fn.listen(orders, { batchSize: 10, bisectOnError: true, maxRetries: 2, onFailure: dlq });
  await fn.invoke({ warm: true }); // fn.invocations(), fn.batches(): what it was given
  await mapping.disable(); // enable(), delete(), progress()
  // #endregion
  await expect(fn).toHaveBeenInvokedWith({ warm: true });
});

test("a handler that is attached", async ({ emu }) => {
  // #region attach
  await using orders = await emu.attachHandler("orders", handler, { timeout: 10 });
  // #endregion
  expect(orders.name).toBe("orders");
});

test("time", async ({ emu }) => {
  // #region clock
  await emu.clock.freeze();
  await emu.clock.advance(30_000); // fires each timer at its own time, and settles in between
  await emu.clock.auto(); // jumps from timer to timer while somebody waits for idle
  await emu.clock.resume();
  // #endregion
  expect((await emu.clock.read()).mode).toBe("running");
});
