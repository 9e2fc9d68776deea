import { expect, inject, test } from "vitest";
import { GenericContainer, Network, Wait } from "testcontainers";
import type { StartedNetwork } from "testcontainers";
import { hasDocker, testContainer } from "./container.ts";

test.runIf(hasDocker)(
  "a sibling container calls by any alias, and URLs are handed out under the one that it used",
  async () => {
    await using network = await new Network().start();
    const aliases = ["aws.test", "aws"];
    await using container = await testContainer()
      .withNetwork(network)
      .withNetworkAliases(...aliases)
      .start();
    expect(container.getInternalEndpoint()).toBe("http://aws:4566");

    const urls = [...aliases, container.getIpAddress(network.getName())].map((host) => `http://${host}:4566`);
    expect(await createQueueFrom(network, urls)).toEqual(
      urls.map((url) => ({ status: 200, body: { QueueUrl: `${url}/000000000000/orders` } })),
    );
    // What the sibling made is seen from here.
    expect(await container.queue("orders").messages()).toEqual([]);
  },
);

test.runIf(hasDocker)("a host name that nobody listed is refused, and a listed one is not", async () => {
  await using network = await new Network().start();
  await using container = await testContainer()
    .withEnvironment({ LOCALEMU_ALLOWED_HOSTS: "listed.example" })
    .withNetwork(network)
    .withNetworkAliases("aws.test")
    .start();
  const names = { "listed.example": container, "foreign.example": container };
  const hosts = Object.keys(names).map((host) => ({ host, ipAddress: container.getIpAddress(network.getName()) }));
  const urls = ["http://aws.test:4566", "http://listed.example:4566", "http://foreign.example:4566"];

  const replies = await createQueueFrom(network, urls, hosts);
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 403]);
  expect(JSON.stringify(replies[2]?.body)).toContain("LOCALEMU_ALLOWED_HOSTS");
});

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Makes the queue `orders` through each of the endpoints, from a container of its own in the network. */
async function createQueueFrom(
  network: StartedNetwork,
  endpoints: readonly string[],
  hosts: { host: string; ipAddress: string }[] = [],
): Promise<Reply[]> {
  const script = `
    const replies = [];
    for (const endpoint of ${JSON.stringify(endpoints)}) {
      const headers = { "x-amz-target": "AmazonSQS.CreateQueue", "content-type": "application/x-amz-json-1.0" };
      const reply = await fetch(endpoint, { method: "POST", headers, body: JSON.stringify({ QueueName: "orders" }) });
      replies.push({ status: reply.status, body: await reply.json() });
    }
    console.log(JSON.stringify(replies));`;
  // The image under test has a Node.js that will do.
  let output = "";
  await using _sibling = await new GenericContainer(inject("image"))
    .withNetwork(network)
    .withExtraHosts(hosts)
    .withEntrypoint(["node", "--input-type=module", "--eval", script])
    .withCommand([])
    .withLogConsumer((stream) => stream.on("data", (chunk) => (output += chunk)))
    .withWaitStrategy(Wait.forOneShotStartup())
    .start();
  return JSON.parse(output);
}
