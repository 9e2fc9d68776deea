import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import { createFunction, invoke } from "../emulator/functions.ts";
import { hasDocker, testContainer } from "./container.ts";
import { bundle } from "./bundle.ts";

const sendOrder = `
  import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
  const sqs = new SQSClient({});
  export const handler = async (order) => {
    await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: JSON.stringify(order) }));
    return { endpoint: process.env.AWS_ENDPOINT_URL };
  };`;

test.runIf(hasDocker)("a function calls back with the SDK, to a queue URL that the test gave it", async () => {
  await using container = await testContainer().start();
  const { lambda, sqs } = clientsOf(container.emu);
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  expect(QueueUrl).toBe(`http://127.0.0.1:${container.getPort()}/000000000000/orders`);

  await createFunction(lambda, "send", await bundle(sendOrder), {
    Environment: { Variables: { QUEUE_URL: QueueUrl } },
  });
  const { endpoint } = Object(await invoke(lambda, "send", { id: 7 }));

  // The very port that Docker mapped: the emulator listens on it inside, too.
  expect(endpoint).toBe(container.getEndpoint());
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(Messages.map(({ Body }) => Body)).toEqual(['{"id":7}']);
});

test.runIf(hasDocker)("a function of a world calls back into its world", async () => {
  await using container = await testContainer().start();
  await using world = await container.createWorld("mine");
  const { lambda, sqs } = clientsOf(world);
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  await createFunction(lambda, "send", await bundle(sendOrder), {
    Environment: { Variables: { QUEUE_URL: QueueUrl } },
  });

  expect(await invoke(lambda, "send", { id: 8 })).toEqual({ endpoint: world.endpoint });
  expect((await world.queue("orders").messages()).map(({ body }) => body)).toEqual(['{"id":8}']);
});
