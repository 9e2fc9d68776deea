import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { changesOf, createTable, recordsOf, tableClients } from "./tables.ts";

const test = emulatorTest({ clock: "frozen" });

const id = { S: "a" };

describe("the records of a stream", () => {
  test("say what each write changed", async ({ emulator, uniqueName: TableName }) => {
    const clients = tableClients(emulator.emu);
    const { dynamodb } = clients;
    const arn = await createTable(clients, TableName);
    const { now } = await emulator.emu.clock.read();
    const first = { id, count: { N: "1" }, bytes: { B: new Uint8Array([1, 2]) } };
    await dynamodb.send(new PutItemCommand({ TableName, Item: first }));
    const update = {
      UpdateExpression: "ADD #n :one REMOVE #b",
      ExpressionAttributeNames: { "#n": "count", "#b": "bytes" },
    };
    await dynamodb.send(
      new UpdateItemCommand({ TableName, Key: { id }, ...update, ExpressionAttributeValues: { ":one": { N: "1" } } }),
    );
    await dynamodb.send(new DeleteItemCommand({ TableName, Key: { id } }));
    const second = { id, count: { N: "2" } };
    expect(await changesOf(clients, arn)).toEqual([
      ["INSERT", undefined, first],
      ["MODIFY", first, second],
      ["REMOVE", second, undefined],
    ]);
    const [record] = await recordsOf(clients, arn);
    expect(record).toEqual({
      eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventName: "INSERT",
      eventVersion: "1.1",
      eventSource: "aws:dynamodb",
      awsRegion: "us-east-1",
      dynamodb: {
        ApproximateCreationDateTime: new Date(Math.floor(now / 1000) * 1000),
        Keys: { id },
        NewImage: first,
        SequenceNumber: expect.stringMatching(/^\d{21,40}$/),
        SizeBytes: 3 + (3 + 7 + 7),
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
    });
  });

  test("are not made of what changes nothing or is refused", async ({ emulator, uniqueName: TableName }) => {
    const clients = tableClients(emulator.emu);
    const { dynamodb } = clients;
    const arn = await createTable(clients, TableName);
    const item = { id, tags: { SS: ["x", "y"] } };
    await dynamodb.send(new PutItemCommand({ TableName, Item: item }));
    await dynamodb.send(new PutItemCommand({ TableName, Item: { tags: { SS: ["y", "x"] }, id } }));
    await dynamodb.send(new UpdateItemCommand({ TableName, Key: { id } }));
    await dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: { S: "other" } } }));
    const ConditionExpression = "attribute_not_exists(id)";
    const refused = dynamodb.send(new PutItemCommand({ TableName, Item: { id }, ConditionExpression }));
    expect(await failureOf(refused)).toContain("ConditionalCheckFailedException");
    expect(await changesOf(clients, arn)).toEqual([["INSERT", undefined, item]]);
  });

  test("are made of every item of a batch", async ({ emulator, uniqueName: TableName }) => {
    const clients = tableClients(emulator.emu);
    const arn = await createTable(clients, TableName);
    await clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id } }));
    const RequestItems = {
      [TableName]: [
        { DeleteRequest: { Key: { id } } },
        { PutRequest: { Item: { id: { S: "b" } } } },
        { PutRequest: { Item: { id: { S: "c" } } } },
      ],
    };
    await clients.dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
    expect(await changesOf(clients, arn)).toEqual([
      ["INSERT", undefined, { id }],
      ["REMOVE", { id }, undefined],
      ["INSERT", undefined, { id: { S: "b" } }],
      ["INSERT", undefined, { id: { S: "c" } }],
    ]);
  });

  test("are made of all writes of a transaction or of none", async ({ emulator, uniqueName: TableName }) => {
    const clients = tableClients(emulator.emu);
    const arn = await createTable(clients, TableName);
    const other = `${TableName}-other`;
    const otherArn = await createTable(clients, other);
    const transact = (stock: string) =>
      clients.dynamodb.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName, Item: { id, count: { N: "1" } } } },
            {
              ConditionCheck: {
                TableName: other,
                Key: { id: { S: "stock" } },
                ConditionExpression: "attribute_not_exists(id)",
                ReturnValuesOnConditionCheckFailure: "ALL_OLD",
              },
            },
            {
              Update: {
                TableName: other,
                Key: { id: { S: stock } },
                UpdateExpression: "ADD #n :one",
                ExpressionAttributeNames: { "#n": "count" },
                ExpressionAttributeValues: { ":one": { N: "1" } },
              },
            },
          ],
        }),
      );
    await transact("x");
    expect(await changesOf(clients, arn)).toEqual([["INSERT", undefined, { id, count: { N: "1" } }]]);
    expect(await changesOf(clients, otherArn)).toEqual([["INSERT", undefined, { id: { S: "x" }, count: { N: "1" } }]]);

    await clients.dynamodb.send(new PutItemCommand({ TableName: other, Item: { id: { S: "stock" } } }));
    const canceled = transact("y");
    await expect(canceled).rejects.toMatchObject({
      name: "TransactionCanceledException",
      message:
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, None]",
      CancellationReasons: [
        { Code: "None" },
        { Code: "ConditionalCheckFailed", Message: "The conditional request failed", Item: { id: { S: "stock" } } },
        { Code: "None" },
      ],
    });
    expect(await recordsOf(clients, arn)).toHaveLength(1);
    expect(await recordsOf(clients, otherArn)).toHaveLength(2);
    const twice = { Put: { TableName, Item: { id } } };
    const same = clients.dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [twice, twice] }));
    expect(await failureOf(same)).toBe(
      "400 ValidationException: Transaction request cannot include multiple operations on one item",
    );
  });

  test("follow each other however many write at once", async ({ emulator, uniqueName: TableName }) => {
    const clients = tableClients(emulator.emu);
    const arn = await createTable(clients, TableName);
    const writes = Array.from({ length: 60 }, (_, index) =>
      clients.dynamodb.send(
        new UpdateItemCommand({
          TableName,
          Key: { id: { S: String(index % 3) } },
          UpdateExpression: "ADD #n :one SET #last = :index",
          ExpressionAttributeNames: { "#n": "count", "#last": "last" },
          ExpressionAttributeValues: { ":one": { N: "1" }, ":index": { N: String(index) } },
        }),
      ),
    );
    await Promise.all(writes);
    const changes = await changesOf(clients, arn);
    expect(changes).toHaveLength(60);
    for (const key of ["0", "1", "2"]) {
      const ofItem = changes.filter(([, , image]) => typeof image === "object" && image["id"]?.S === key);
      const counts = ofItem.map(([, , image]) => (typeof image === "object" ? image["count"]?.N : undefined));
      expect(counts).toEqual(Array.from({ length: 20 }, (_, count) => String(count + 1)));
      expect(ofItem.map(([, old]) => old)).toEqual([undefined, ...ofItem.slice(0, -1).map(([, , image]) => image)]);
    }
    const numbers = (await recordsOf(clients, arn)).map(({ dynamodb }) => dynamodb?.SequenceNumber ?? "");
    expect(numbers).toEqual([...new Set(numbers)].toSorted());
  });

  test("of items that expire name the service", async ({ emulator, uniqueName: TableName }) => {
    const { emu } = emulator;
    const clients = tableClients(emu);
    const arn = await createTable(clients, TableName);
    const { now } = await emu.clock.read();
    const expiry = (seconds: number) => ({ N: String(Math.floor(now / 1000) + seconds) });
    await clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: "before" }, until: expiry(60) } }));
    const TimeToLiveSpecification = { AttributeName: "until", Enabled: true };
    await clients.dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    await clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: "after" }, until: expiry(30) } }));
    await clients.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: "kept" }, until: { S: "never" } } }));
    const again = clients.dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    expect(await failureOf(again)).toBe("400 ValidationException: TimeToLive is already enabled");
    await emu.clock.advance(29_000);
    expect(await recordsOf(clients, arn)).toHaveLength(3);
    await emu.clock.advance(60_000);
    const removed = (await recordsOf(clients, arn)).slice(3);
    expect(removed.map(({ eventName, userIdentity, dynamodb }) => [eventName, userIdentity, dynamodb?.Keys])).toEqual([
      ["REMOVE", { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" }, { id: { S: "after" } }],
      ["REMOVE", { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" }, { id: { S: "before" } }],
    ]);
  });
});

describe("UpdateTable", () => {
  test("switches a stream off and another one on", async ({ emulator, uniqueName: TableName }) => {
    const clients = tableClients(emulator.emu);
    const { dynamodb } = clients;
    const first = await createTable(clients, TableName, "KEYS_ONLY");
    const put = (text: string) => dynamodb.send(new PutItemCommand({ TableName, Item: { id, text: { S: text } } }));
    const update = (StreamSpecification: { StreamEnabled: boolean; StreamViewType?: "NEW_IMAGE" }) =>
      dynamodb.send(new UpdateTableCommand({ TableName, StreamSpecification }));
    await put("1");
    expect(await failureOf(update({ StreamEnabled: true, StreamViewType: "NEW_IMAGE" }))).toBe(
      `400 ValidationException: Table already has an enabled stream: TableName: ${TableName}`,
    );
    const off = await update({ StreamEnabled: false });
    expect(off.TableDescription).toMatchObject({ LatestStreamArn: first });
    expect(off.TableDescription).not.toHaveProperty("StreamSpecification");
    await put("2");
    const on = await update({ StreamEnabled: true, StreamViewType: "NEW_IMAGE" });
    const second = on.TableDescription?.LatestStreamArn ?? "";
    expect(second).not.toBe(first);
    expect(on.TableDescription).toMatchObject({
      TableStatus: "UPDATING",
      LatestStreamLabel: second.split("/").at(-1),
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
    });
    await put("3");
    expect(await changesOf(clients, first)).toEqual([["INSERT", undefined, undefined]]);
    expect(await changesOf(clients, second)).toEqual([["MODIFY", undefined, { id, text: { S: "3" } }]]);
  });
});
