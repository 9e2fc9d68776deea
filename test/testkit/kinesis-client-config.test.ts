import { once } from "node:events";
import { connect, createServer } from "node:net";
import { CreateStreamCommand, KinesisClient, ListStreamsCommand, PutRecordCommand } from "@aws-sdk/client-kinesis";
import type { KinesisClientConfig } from "@aws-sdk/client-kinesis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";

let emulator: TestEmulator;

beforeAll(async () => {
  emulator = await startTestEmulator();
});

afterAll(() => emulator[Symbol.asyncDispose]());

/** How many connections a client opens for calls one after the other, and for some at once. */
async function connectionsOf(config: KinesisClientConfig): Promise<number> {
  const { port, hostname } = new URL(emulator.emu.endpoint);
  let connections = 0;
  const relay = createServer((near) => {
    connections++;
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on("error", () => [near, far].forEach((side) => side.destroy()));
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  const address = relay.address();
  const endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const client = new KinesisClient({ ...config, endpoint });
  for (let count = 0; count < 5; count++) await client.send(new ListStreamsCommand());
  await Promise.all(Array.from({ length: 5 }, () => client.send(new ListStreamsCommand())));
  client.destroy();
  relay.close();
  return connections;
}

test("a Kinesis client of getKinesisClientConfig() keeps to one connection, where the SDK opens one for each request", async () => {
  expect(await connectionsOf(emulator.emu.getClientConfig())).toBe(10);
  expect(await connectionsOf(emulator.emu.getKinesisClientConfig())).toBe(1);
});

test("it reaches its own world", async () => {
  await using world = await emulator.emu.createWorld();
  const kinesis = new KinesisClient(world.getKinesisClientConfig());
  await kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
  await kinesis.send(new PutRecordCommand({ StreamName: "orders", PartitionKey: "k", Data: Buffer.from("1") }));
  expect((await world.stream("orders").records()).map(({ data }) => data)).toEqual([1]);
  kinesis.destroy();
});
