import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetRecordsCommand, GetShardIteratorCommand } from "@aws-sdk/client-dynamodb-streams";
import type { GetShardIteratorCommandInput } from "@aws-sdk/client-dynamodb-streams";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { createTable, iteratorAt, recordsOf, shardOf, tableClients } from "./tables.ts";

const test = emulatorTest({ clock: "frozen" });
const day = 24 * 3_600_000;

describe("GetShardIterator", () => {
  test("gives a place in the shard", async ({ emulator, uniqueName: TableName }) => {
    const clients = tableClients(emulator.emu);
    const arn = await createTable(clients, TableName);
    const put = (id: string) => clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
    for (const id of ["a", "b", "c"]) await put(id);
    const [, b] = await recordsOf(clients, arn);
    const SequenceNumber = b?.dynamodb?.SequenceNumber ?? "";
    const places: readonly (readonly [
      Pick<GetShardIteratorCommandInput, "ShardIteratorType" | "SequenceNumber">,
      readonly string[],
    ])[] = [
      [{ ShardIteratorType: "TRIM_HORIZON" }, ["a", "b", "c", "d"]],
      [{ ShardIteratorType: "AT_SEQUENCE_NUMBER", SequenceNumber }, ["b", "c", "d"]],
      [{ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber }, ["c", "d"]],
      [{ ShardIteratorType: "LATEST" }, ["d"]],
    ];
    const iterators: string[] = [];
    for (const [at] of places) iterators.push(await iteratorAt(clients, arn, at));
    await put("d");
    for (const [index, [, expected]] of places.entries()) {
      const { Records = [] } = await clients.streams.send(new GetRecordsCommand({ ShardIterator: iterators[index] }));
      expect(Records.map(({ dynamodb }) => dynamodb?.Keys?.["id"]?.S)).toEqual(expected);
    }
  });

  test("refuses what is not there", async ({ emulator, uniqueName: TableName }) => {
    const { emu } = emulator;
    const clients = tableClients(emu);
    const StreamArn = await createTable(clients, TableName);
    const ShardId = (await shardOf(clients, StreamArn))?.ShardId ?? "";
    const failure = (input: Partial<GetShardIteratorCommandInput>) => {
      const whole = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" as const, ...input };
      return failureOf(clients.streams.send(new GetShardIteratorCommand(whole)));
    };
    expect(await failure({ StreamArn: `${StreamArn}0` })).toBe(
      `400 ResourceNotFoundException: Requested resource not found: Stream: ${StreamArn}0 not found`,
    );
    expect(await failure({ ShardId: ShardId.replace("shardId-0", "shardId-1") })).toBe(
      "400 ResourceNotFoundException: Requested resource not found: Shard does not exist",
    );
    const SequenceNumber = "1".repeat(21);
    expect(await failure({ ShardIteratorType: "AT_SEQUENCE_NUMBER", SequenceNumber })).toBe(
      "400 ValidationException: Invalid SequenceNumber",
    );
    expect(await failure({ ShardIteratorType: "AT_SEQUENCE_NUMBER" })).toContain("needs a SequenceNumber");
    expect(await failure({ SequenceNumber })).toContain("SequenceNumber cannot be given");

    await clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: "a" } } }));
    const [record] = await recordsOf(clients, StreamArn);
    await emu.clock.advance(day + 1);
    const trimmed = record?.dynamodb?.SequenceNumber;
    expect(await failure({ ShardIteratorType: "AT_SEQUENCE_NUMBER", SequenceNumber: trimmed })).toBe(
      "400 TrimmedDataAccessException: The operation attempted to read past the oldest stream record in a shard.",
    );
  });
});
