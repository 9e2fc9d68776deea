import { InvokeCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import { hasDocker, testContainer } from "./container.ts";

test.runIf(hasDocker)("a handler of the test process gets the invocations of a function in the container", async () => {
  await using container = await testContainer().start();
  await using world = await container.createWorld();
  const { lambda } = clientsOf(world);
  const seen: unknown[] = [];
  await using orders = await world.attachHandler("orders", async (event: { readonly id: number }) => {
    seen.push(event);
    return process.pid;
  });
  const output = await lambda.send(new InvokeCommand({ FunctionName: orders.arn, Payload: '{"id":1}' }));
  expect(output.Payload?.transformToString()).toBe(String(process.pid));
  expect(seen).toEqual([{ id: 1 }]);

  const stream = await world.createStream("orders");
  await world.control.call("lambda", "CreateEventSourceMapping", {
    FunctionName: "orders",
    EventSourceArn: stream.arn,
    StartingPosition: "TRIM_HORIZON",
  });
  await stream.put("one", { partitionKey: "a" });
  await world.idle();
  expect(seen).toHaveLength(2);
});
