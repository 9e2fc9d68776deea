import { DeleteTableCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetRecordsCommand } from "@aws-sdk/client-dynamodb-streams";
import type { GetRecordsCommandOutput } from "@aws-sdk/client-dynamodb-streams";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { createTable, iteratorAt, recordsOf, tableClients } from "./tables.ts";

const test = emulatorTest({ clock: "frozen" });
const minute = 60_000;
const day = 24 * 60 * minute;

describe("GetRecords", () => {
  test("goes on from call to call, until the stream has ended", async ({ emulator, uniqueName: TableName }) => {
    const clients = tableClients(emulator.emu);
    const arn = await createTable(clients, TableName);
    for (const id of ["a", "b", "c"]) {
      await clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
    }
    let ShardIterator: string | undefined = await iteratorAt(clients, arn, { ShardIteratorType: "TRIM_HORIZON" });
    const pages = [];
    for (const end of [false, false, false, true]) {
      if (end) await clients.dynamodb.send(new DeleteTableCommand({ TableName }));
      const page: GetRecordsCommandOutput = await clients.streams.send(
        new GetRecordsCommand({ ShardIterator, Limit: 2 }),
      );
      pages.push(page.Records?.length);
      ShardIterator = page.NextShardIterator;
    }
    expect(pages).toEqual([2, 1, 0, 0]);
    expect(ShardIterator).toBeUndefined();
  });

  test("takes an iterator for 15 minutes", async ({ emulator, uniqueName: TableName }) => {
    const { emu } = emulator;
    const clients = tableClients(emu);
    const arn = await createTable(clients, TableName);
    const ShardIterator = await iteratorAt(clients, arn, { ShardIteratorType: "TRIM_HORIZON" });
    const read = () => clients.streams.send(new GetRecordsCommand({ ShardIterator }));
    await emu.clock.advance(15 * minute);
    expect((await read()).Records).toEqual([]);
    await emu.clock.advance(1);
    expect(await failureOf(read())).toBe(
      "400 ExpiredIteratorException: Iterator expired. The iterator was created at a time that is more than 15 minutes ago.",
    );
    const malformed = clients.streams.send(new GetRecordsCommand({ ShardIterator: "x" }));
    expect(await failureOf(malformed)).toBe("400 ValidationException: Invalid ShardIterator");
  });

  test("gives records for a day", async ({ emulator, uniqueName: TableName }) => {
    const { emu } = emulator;
    const clients = tableClients(emu);
    const arn = await createTable(clients, TableName);
    await clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: "a" } } }));
    await emu.clock.advance(day);
    expect(await recordsOf(clients, arn)).toHaveLength(1);
    await emu.clock.advance(1);
    expect(await recordsOf(clients, arn)).toEqual([]);
  });
});
