import { test } from "@localemu/vitest";
import { expect } from "vitest";

test("functions run in the container, attached handlers here", async ({ emu }) => {
  const orders = await emu.createStream("orders");
  const deployed = await emu.deployEntry({ name: "deployed", entry: "deploy/orders-fn.ts" });
  const got: unknown[] = [];
  const attached = await emu.attachHandler("attached", async (event: object) => {
    got.push(event);
    return process.pid;
  });
  await deployed.listen(orders, { maxRetries: 0 });
  await orders.putJson([{ id: 1 }], { partitionKey: "k" });
  await emu.idle();
  await expect(deployed).toHaveBatches([[{ id: 1 }]]);
  expect(await emu.function(attached.name).invoke({ id: 2 })).toMatchObject({ payload: process.pid });
  expect(got).toEqual([{ id: 2 }]);
  await attached.detach();
  const { payload } = await deployed.invoke({ Records: [{ kinesis: { data: "e30=" } }] });
  expect(payload).toMatchObject({ trace: expect.arrayContaining([expect.stringMatching(/deploy\/order\.ts:8:/)]) });
  const where = await emu.deployEntry({ name: "where", entry: "deploy/where.ts" });
  console.log(`functions run on ${String((await where.invoke()).payload)}`);
});
