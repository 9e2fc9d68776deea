import "@localemu/vitest/extend";
import type { LocalEmu } from "@localemu/testkit";
import { expect } from "vitest";
import { names, orders, poisonIds, processedIds, putOrders, setUpMainJob } from "./main-job.ts";
import type { MainJobClients } from "./main-job.ts";

/** How many of the orders went which way. */
export interface MainJobResult {
  readonly processed: number;
  readonly reported: number;
}

export const mainJobResult: MainJobResult = {
  processed: orders.length - poisonIds.length,
  reported: poisonIds.length,
};

/** Runs the main job on `emu`, wherever that is, asserts each thing that is to come of it, and gives the totals. */
export async function checkMainJob(clients: MainJobClients & { readonly emu: LocalEmu }): Promise<MainJobResult> {
  const { emu } = clients;
  await setUpMainJob(clients);
  await putOrders(clients);
  await emu.idle();

  const stream = emu.stream(names.stream);
  const queue = emu.queue(names.queue);
  await expect(stream).toHaveRecordTimes(orders.length);

  // Every good record was processed, exactly once, and in the order of its partition key.
  const processed = await processedIds(clients);
  const good = orders.filter((order) => order.poison === undefined);
  expect(processed.toSorted((a, b) => a - b)).toEqual(good.map((order) => order.id));
  for (const customer of new Set(orders.map((order) => order.customer))) {
    const expected = good.filter((order) => order.customer === customer).map((order) => order.id);
    expect(processed.filter((id) => expected.includes(id))).toEqual(expected);
  }

  // Each poison record is alone in its report, tried three times, and its payload is found again.
  for (const id of poisonIds) {
    await expect(queue).toHaveFailedRecord({ id });
    await expect(queue).toHaveFailedBatch({
      records: [{ id, poison: true }],
      condition: "RetryAttemptsExhausted",
      approximateInvokeCount: 3,
    });
  }
  const reports = (await queue.messages()).map(({ body }) => JSON.parse(body));
  expect(reports.map((report) => report.KinesisBatchInfo.batchSize)).toEqual([1, 1, 1]);

  // Nothing more happens.
  const before = await emu.timeline();
  await emu.idle();
  expect(await emu.timeline()).toEqual(before);
  return { processed: processed.length, reported: reports.length };
}
