import { CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { connect } from "@localemu/testkit";
import "@localemu/vitest/extend";
import { zipSync } from "fflate";
import { expect, inject, test } from "vitest";

const code = `export const handler = async ({ Records }) => {
  for (const { kinesis } of Records) {
    if (JSON.parse(Buffer.from(kinesis.data, "base64")).poison) throw new Error("poison");
  }
};`;

test("poison records end up in the dead-letter queue", async () => {
  const emu = await connect(inject("endpoint"));
  const world = await emu.createWorld();
  const orders = await world.createStream("orders", { shards: 2 });
  const dlq = await world.createQueue("orders-dlq");
  const lambda = new LambdaClient(world.getClientConfig());
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "orders-fn",
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/orders",
      Code: { ZipFile: zipSync({ "index.mjs": Buffer.from(code) }) },
    }),
  );
  const mapping = await world.function("orders-fn").listen(orders, {
    bisectOnError: true,
    maxRetries: 0,
    onFailure: dlq,
  });
  await orders.putJson([{ id: 1 }, { id: 2, poison: true }, { id: 3 }], { partitionKey: "k" });

  await expect(orders).toHaveRecordTimes(3);
  await expect(dlq).toHaveFailedRecord({ id: 2 });
  await expect(mapping).toHaveCaughtUp();
  await expect(dlq).not.toHaveFailedRecord((order: { readonly id: number }) => order.id !== 2);
  await world.close();
  await emu.close();
});
