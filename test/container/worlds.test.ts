import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { LocalEmu } from "@localemu/testkit";
import { afterEach, expect, test, vi } from "vitest";
import { hasDocker, testContainer } from "./container.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

test.runIf(hasDocker)("a client that knows its world from the environment alone stays in it", async () => {
  await using container = await testContainer().start();
  await using mine = await container.createWorld("mine");
  await using other = await container.createWorld("other");

  expect(await sendAndReceive(mine, "for mine")).toEqual(["for mine"]);
  expect(await sendAndReceive(other, "for the other")).toEqual(["for the other"]);
  await expect(container.queue("orders").messages()).rejects.toThrow("orders");
});

/** As an application would: its queue's URL came from elsewhere, with another name of this host, and there the client sends to. */
async function sendAndReceive(world: LocalEmu, body: string): Promise<(string | undefined)[]> {
  for (const [name, value] of Object.entries(world.getEnvironment())) vi.stubEnv(name, value);
  const warn = vi.fn<(text: string) => void>();
  const ignore = (): void => {};
  const sqs = new SQSClient({ logger: { debug: ignore, info: ignore, warn, error: ignore } });
  const created = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  expect(created.QueueUrl).toBe(`${world.endpoint}/000000000000/orders`);
  const QueueUrl = created.QueueUrl?.replace("127.0.0.1", "localhost");
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(warn.mock.calls.join()).toContain("using QueueUrl host as endpoint");
  return Messages.map(({ Body }) => Body);
}

test.runIf(hasDocker)("worlds have the container's region and clock, and each its own time", async () => {
  await using container = await testContainer().withVirtualClock().withRegion("eu-west-1").start();
  await using world = await container.createWorld();
  const { now } = await world.clock.read();
  await container.clock.advance(60_000);

  expect(await world.clock.read()).toEqual({ mode: "frozen", now });
  expect([world.region, container.getRegion()]).toEqual(["eu-west-1", "eu-west-1"]);
});
