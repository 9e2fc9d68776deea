import { DescribeStreamCommand, ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { expect, test } from "vitest";
import type { InitialStream } from "@localemu/emulator";
import { clientsAt, clientsOf, startTestEmulator } from "./emulator.ts";

const streams = [
  { name: "orders", shards: 2 },
  { name: "clicks", shards: 1, region: "eu-west-1" },
];

test("the default world has its initial streams, ACTIVE, from the start and after a reset; others have none", async () => {
  await using emulator = await startTestEmulator({
    kinesisInitialStreams: streams,
    kinesisLatencyMs: 500,
    clock: "frozen",
  });
  const { emu, kinesis } = emulator;
  expect(await emu.stream("orders").records()).toEqual([]);
  const { StreamDescription } = await kinesis.send(new DescribeStreamCommand({ StreamName: "orders" }));
  expect(StreamDescription).toMatchObject({ StreamStatus: "ACTIVE", Shards: [{}, {}] });
  const there = clientsAt({ ...emu.getClientConfig() }, { region: "eu-west-1" });
  expect((await there.kinesis.send(new ListStreamsCommand())).StreamNames).toEqual(["clicks"]);

  await emu.stream("orders").put("a", { partitionKey: "k" });
  await emu.reset();
  expect(await emu.stream("orders").records()).toEqual([]);
  const other = await emu.createWorld();
  expect((await clientsOf(other).kinesis.send(new ListStreamsCommand())).StreamNames).toEqual([]);
});

test.each<[kinesisInitialStreams: readonly InitialStream[], problem: string]>([
  [
    [{ name: "orders", shards: 0 }],
    "must be streams with 1 to 10000 shards, such as orders:2 or orders:2:eu-west-1, not",
  ],
  [
    [
      { name: "orders", shards: 4 },
      { name: "clicks", shards: 2 },
    ],
    "has more shards in us-east-1 than kinesisShardLimit, which is 5",
  ],
  [
    [
      { name: "orders", shards: 1 },
      { name: "orders", shards: 1, region: "us-east-1" },
    ],
    "has orders of us-east-1 twice",
  ],
])("initial streams %j refuse to start", async (kinesisInitialStreams, problem) => {
  await expect(startTestEmulator({ kinesisInitialStreams, kinesisShardLimit: 5 })).rejects.toThrow(
    `option kinesisInitialStreams ${problem}`,
  );
});
