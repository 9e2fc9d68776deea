import { ListStreamsCommand } from "@aws-sdk/client-dynamodb-streams";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, validation, violation } from "../emulator/failure-of.ts";
import { createTable, tableClients } from "./tables.ts";

const test = emulatorTest({ clock: "frozen" });

describe("ListStreams", () => {
  test("lists the streams of a region, or of a table, in pages", async ({ emulator }) => {
    const clients = tableClients(emulator.emu, "eu-west-3");
    const arns: string[] = [];
    for (const name of ["aaa", "bbb", "ccc"]) arns.push(await createTable(clients, name));
    await createTable(clients, "without", "no stream");
    await createTable(tableClients(emulator.emu), "elsewhere");
    const all = await clients.streams.send(new ListStreamsCommand());
    expect(all.Streams).toEqual(
      ["aaa", "bbb", "ccc"].map((TableName, index) => ({
        TableName,
        StreamArn: arns[index],
        StreamLabel: arns[index]?.split("/").at(-1),
      })),
    );
    expect(all).not.toHaveProperty("LastEvaluatedStreamArn");
    const page = await clients.streams.send(new ListStreamsCommand({ Limit: 2 }));
    expect(page).toMatchObject({ Streams: all.Streams?.slice(0, 2), LastEvaluatedStreamArn: arns[1] });
    const rest = await clients.streams.send(new ListStreamsCommand({ ExclusiveStartStreamArn: arns[1] }));
    expect(rest.Streams).toEqual(all.Streams?.slice(2));
    const ofTable = await clients.streams.send(new ListStreamsCommand({ TableName: "bbb" }));
    expect(ofTable.Streams).toEqual(all.Streams?.slice(1, 2));
  });

  test("checks its input", async ({ emulator }) => {
    const { streams } = tableClients(emulator.emu);
    expect(await failureOf(streams.send(new ListStreamsCommand({ Limit: 0 })))).toBe(
      validation(violation("0", "limit", "Member must have value greater than or equal to 1")),
    );
  });
});
