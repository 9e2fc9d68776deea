// #region start
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { LocalEmuContainer } from "@localemu/testcontainers";

// #endregion
import { ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { GenericContainer, Network } from "testcontainers";
import { beforeAll, expect, inject, test } from "vitest";
import { hasDocker } from "./container.ts";

beforeAll(() => {
  process.env["LOCALEMU_IMAGE"] = inject("image");
  return () => delete process.env["LOCALEMU_IMAGE"];
});

test.runIf(hasDocker)("a container for a test", async () => {
  // #region start
  await using emu = await new LocalEmuContainer().start();
  const kinesis = new KinesisClient(emu.getClientConfig()); // endpoint, region, credentials

  const orders = await emu.createStream("orders", { shards: 2 });
  await orders.putJson([{ id: 1 }], { partitionKey: "k" });
  await emu.idle();
  // #endregion
  expect((await kinesis.send(new ListStreamsCommand({}))).StreamNames).toEqual(["orders"]);
});

test.runIf(hasDocker)("an application in a container beside it", async () => {
  const application = inject("image");
  const list = `fetch(process.env.AWS_ENDPOINT_URL + "/_localemu/info").then((reply) => process.exit(reply.ok ? 0 : 1))`;
  // #region network
  await using network = await new Network().start();
  await using emu = await new LocalEmuContainer().withNetwork(network).withNetworkAliases("aws").start();
  await using app = await new GenericContainer(application)
    .withNetwork(network)
    .withEnvironment({ ...emu.getEnvironment(), AWS_ENDPOINT_URL: emu.getInternalEndpoint() })
    .start();
  // #endregion
  expect((await app.exec(["node", "-e", list])).exitCode).toBe(0);
});
