import assert from "node:assert/strict";
import { test } from "node:test";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { kinesisEvent, evaluateBatchResult } from "@localemu/testkit";
import { useLocalEmu } from "@localemu/testkit/node";

test("a world of its own, which clients without configuration reach", async (t) => {
  const emu = await useLocalEmu(t, { clock: "frozen" });
  const orders = await emu.createStream("orders");
  await orders.putJson([{ id: 1 }], { partitionKey: "k" });
  assert.deepEqual(
    (await orders.records()).map(({ data }) => data),
    [{ id: 1 }],
  );
  assert.equal((await emu.clock.read()).mode, "frozen");
  const lambda = new LambdaClient({});
  assert.deepEqual((await lambda.send(new ListFunctionsCommand({}))).Functions, []);
  lambda.destroy();
});

test("an event without an emulator", () => {
  const event = kinesisEvent([{ id: 1 }, { id: 2 }]);
  assert.equal(evaluateBatchResult(event, { batchItemFailures: [] }).outcome, "success");
});
