import { LocalEmuContainer } from "@localemu/testcontainers";
import { expect, test } from "vitest";
import { Wait } from "testcontainers";
import { clientsOf } from "../emulator/emulator.ts";
import { hasDocker, inspect, testContainer } from "./container.ts";
import { ListStreamsCommand, KinesisClient } from "@aws-sdk/client-kinesis";

test.runIf(hasDocker)(
  "a started container tells how to reach it, and has the handles of its default world",
  async () => {
    await using container = await testContainer().start();
    const endpoint = `http://127.0.0.1:${container.getPort()}`;
    const credentials = container.getCredentials();
    expect(container.getEndpoint()).toBe(endpoint);
    expect(container.getConnectionUri()).toBe(endpoint);
    expect(container.getClientConfig()).toEqual({ endpoint, region: "us-east-1", credentials });
    expect(container.getEnvironment()).toMatchObject({ AWS_ENDPOINT_URL: endpoint, AWS_REGION: "us-east-1" });
    expect(container.getAccountId()).toBe("000000000000");

    const stream = await container.createStream("orders", { shards: 2 });
    await stream.putJson([{ id: 1 }], { partitionKey: "a" });
    expect(await container.stream("orders").records()).toHaveLength(1);
    await (await container.createQueue("orders-dlq")).send("poison");
    expect(await container.queue("orders-dlq").messages()).toHaveLength(1);
    expect(await container.idle()).toEqual({ state: "idle" });
    expect((await container.timeline()).map(({ type }) => type)).toContain("stream.recordsPut");

    await container.reset();
    const kinesis = new KinesisClient(container.getClientConfig());
    expect((await kinesis.send(new ListStreamsCommand({}))).StreamNames).toEqual([]);
  },
);

test.runIf(hasDocker)("after a restart it is empty, and reached by its new port", async () => {
  await using container = await testContainer().start();
  await container.createStream("orders");
  await container.restart();

  expect(container.getEndpoint()).toBe(`http://127.0.0.1:${container.getPort()}`);
  await container.createStream("orders");
  const { kinesis } = clientsOf(container.emu);
  expect((await kinesis.send(new ListStreamsCommand({}))).StreamNames).toEqual(["orders"]);
});

test.runIf(hasDocker)("Docker finds it healthy", async () => {
  await using container = await testContainer().withWaitStrategy(Wait.forHealthCheck()).start();
  const { State } = await inspect(container.getId());
  expect(State.Health?.Status).toBe("healthy");
});

test.runIf(hasDocker)("a wrong option ends the start with the emulator's own words", async () => {
  await expect(testContainer().withRegion("nowhere").start()).rejects.toThrow(
    'localemu: LOCALEMU_REGION must be a region such as us-east-1, not "nowhere"',
  );
});

test.runIf(hasDocker)("an image that is not there is named, with the ways to name another", async () => {
  await expect(new LocalEmuContainer("localhost:1/absent/localemu:0").start()).rejects.toThrow(
    /^The image localhost:1\/absent\/localemu:0 is not on this Docker engine and could not be pulled \(.+\)\. Name another by new LocalEmuContainer\(image\) or the environment variable LOCALEMU_IMAGE/,
  );
});
