import { DeleteTableCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DescribeStreamCommand } from "@aws-sdk/client-dynamodb-streams";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { createTable, recordsOf, tableClients } from "./tables.ts";

const test = emulatorTest({ clock: "frozen" });
const day = 24 * 3_600_000;

describe("DescribeStream", () => {
  test("tells a stream's settings and its shard", async ({ emulator, uniqueName: TableName }) => {
    const clients = tableClients(emulator.emu);
    const { now } = await emulator.emu.clock.read();
    const StreamArn = await createTable(clients, TableName, "OLD_IMAGE");
    const { StreamDescription } = await clients.streams.send(new DescribeStreamCommand({ StreamArn }));
    expect(StreamDescription).toEqual({
      StreamArn,
      StreamLabel: new Date(now).toISOString().slice(0, -1),
      StreamStatus: "ENABLED",
      StreamViewType: "OLD_IMAGE",
      CreationRequestDateTime: new Date(Math.floor(now)),
      TableName,
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      Shards: [
        {
          ShardId: expect.stringMatching(/^shardId-\d{20}-[0-9a-f]{8}$/),
          SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^\d{21,40}$/) },
        },
      ],
    });
    const ExclusiveStartShardId = StreamDescription?.Shards?.[0]?.ShardId;
    const after = await clients.streams.send(new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId }));
    expect(after.StreamDescription?.Shards).toEqual([]);
  });

  test("finds the stream of a deleted table for a day", async ({ emulator, uniqueName: TableName }) => {
    const { emu } = emulator;
    const clients = tableClients(emu);
    const StreamArn = await createTable(clients, TableName);
    await clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: "a" } } }));
    const [record] = await recordsOf(clients, StreamArn);
    await clients.dynamodb.send(new DeleteTableCommand({ TableName }));
    const call = () => clients.streams.send(new DescribeStreamCommand({ StreamArn }));
    expect((await call()).StreamDescription).toMatchObject({
      StreamStatus: "DISABLED",
      Shards: [{ SequenceNumberRange: { EndingSequenceNumber: record?.dynamodb?.SequenceNumber } }],
    });
    await emu.clock.advance(day);
    expect(await failureOf(call())).toBe(
      `400 ResourceNotFoundException: Requested resource not found: Stream: ${StreamArn} not found`,
    );
  });
});
