import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  CreateBackupCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ExecuteStatementCommand,
  GetItemCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  QueryCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  ScanCommand,
  TagResourceCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { createTable, tableClients } from "./tables.ts";

const test = emulatorTest({ clock: "frozen" });

describe("tables", () => {
  test("are ready when their call is answered, in world time", async ({ emulator, uniqueName }) => {
    const { emu } = emulator;
    const { dynamodb } = tableClients(emu);
    const { now } = await emu.clock.read();
    await createTable({ dynamodb }, uniqueName, "no stream");
    const { state } = await waitUntilTableExists({ client: dynamodb, maxWaitTime: 30 }, { TableName: uniqueName });
    expect(state).toBe("SUCCESS");
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: uniqueName }));
    expect(Table).toMatchObject({
      TableStatus: "ACTIVE",
      CreationDateTime: new Date(now),
      TableArn: `arn:aws:dynamodb:us-east-1:000000000000:table/${uniqueName}`,
    });
    expect(Table).not.toHaveProperty("StreamSpecification");
    expect(Table).not.toHaveProperty("LatestStreamArn");
    const again = createTable({ dynamodb }, uniqueName);
    await expect(again).rejects.toThrow(ResourceInUseException);
  });

  test("belong to a region", async ({ emulator }) => {
    const [ours, theirs] = [tableClients(emulator.emu, "eu-west-1"), tableClients(emulator.emu, "eu-west-2")];
    for (const name of ["bbb", "aaa", "ccc"]) await createTable(ours, name, "no stream");
    await createTable(theirs, "aaa", "no stream");
    const first = await ours.dynamodb.send(new ListTablesCommand({ Limit: 2 }));
    expect(first).toMatchObject({ TableNames: ["aaa", "bbb"], LastEvaluatedTableName: "bbb" });
    const rest = await ours.dynamodb.send(new ListTablesCommand({ ExclusiveStartTableName: "bbb" }));
    expect(rest.TableNames).toEqual(["ccc"]);
    expect((await theirs.dynamodb.send(new ListTablesCommand())).TableNames).toEqual(["aaa"]);
  });

  test("take, find and give items", async ({ emulator, uniqueName: TableName }) => {
    const { dynamodb } = tableClients(emulator.emu);
    await createTable({ dynamodb }, TableName, "no stream", {
      AttributeDefinitions: ["customer", "order", "status"].map((AttributeName) => ({
        AttributeName,
        AttributeType: "S",
      })),
      KeySchema: [
        { AttributeName: "customer", KeyType: "HASH" },
        { AttributeName: "order", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-status",
          KeySchema: [{ AttributeName: "status", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
    });
    for (const [customer, order, status] of [
      ["a", "3", "open"],
      ["a", "1", "closed"],
      ["b", "2", "open"],
      ["a", "2", "open"],
    ] as const) {
      const Item = {
        customer: { S: customer },
        order: { S: order },
        status: { S: status },
        bytes: { B: Buffer.from("b") },
      };
      await dynamodb.send(new PutItemCommand({ TableName, Item }));
    }
    const query = await dynamodb.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "customer = :customer and #order > :order",
        ExpressionAttributeNames: { "#order": "order" },
        ExpressionAttributeValues: { ":customer": { S: "a" }, ":order": { S: "1" } },
      }),
    );
    expect(query.Items?.map(({ order }) => order?.S)).toEqual(["2", "3"]);
    const open = await dynamodb.send(
      new QueryCommand({
        TableName,
        IndexName: "by-status",
        KeyConditionExpression: "#status = :status",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":status": { S: "open" } },
      }),
    );
    expect(open.Count).toBe(3);
    const pages = [];
    let start: Record<string, { S: string }> | undefined;
    do {
      const page = await dynamodb.send(new ScanCommand({ TableName, Limit: 3, ExclusiveStartKey: start }));
      pages.push(page.Count);
      const { customer, order } = page.LastEvaluatedKey ?? {};
      start =
        customer?.S === undefined || order?.S === undefined
          ? undefined
          : { customer: { S: customer.S }, order: { S: order.S } };
    } while (start !== undefined);
    expect(pages).toEqual([3, 1]);
    const Key = { customer: { S: "b" }, order: { S: "2" } };
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key }));
    expect(Item).toEqual({ ...Key, status: { S: "open" }, bytes: { B: new Uint8Array(Buffer.from("b")) } });
    const { Responses } = await dynamodb.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key] } } }),
    );
    expect(Responses?.[TableName]).toEqual([Item]);
  });

  test("check conditions and expressions with AWS's texts", async ({ emulator, uniqueName: TableName }) => {
    const { dynamodb } = tableClients(emulator.emu);
    await createTable({ dynamodb }, TableName, "no stream");
    const Key = { id: { S: "a" } };
    const conditional = dynamodb.send(
      new PutItemCommand({ TableName, Item: Key, ConditionExpression: "attribute_exists(id)" }),
    );
    await expect(conditional).rejects.toThrow(ConditionalCheckFailedException);
    expect(await failureOf(conditional)).toBe("400 ConditionalCheckFailedException: The conditional request failed");
    const unknownName = dynamodb.send(new UpdateItemCommand({ TableName, Key, UpdateExpression: "SET #n = :v" }));
    expect(await failureOf(unknownName)).toBe(
      "400 ValidationException: Invalid UpdateExpression: An expression attribute name used in the document path is not defined; attribute name: #n",
    );
    const missing = dynamodb.send(new GetItemCommand({ TableName: "missing", Key }));
    await expect(missing).rejects.toThrow(ResourceNotFoundException);
  });

  test("go, and are made again empty", async ({ emulator, uniqueName: TableName }) => {
    const { dynamodb } = tableClients(emulator.emu);
    await createTable({ dynamodb }, TableName);
    await dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: "a" } } }));
    await dynamodb.send(new DeleteTableCommand({ TableName }));
    await expect(dynamodb.send(new DescribeTableCommand({ TableName }))).rejects.toThrow(ResourceNotFoundException);
    await createTable({ dynamodb }, TableName, "no stream");
    expect((await dynamodb.send(new ScanCommand({ TableName }))).Items).toEqual([]);
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(Table).not.toHaveProperty("LatestStreamArn");
  });

  test("have tags", async ({ emulator, uniqueName: TableName }) => {
    const { dynamodb } = tableClients(emulator.emu);
    await createTable({ dynamodb }, TableName);
    const ResourceArn = `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`;
    await dynamodb.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "team", Value: "orders" }] }));
    const { Tags } = await dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn }));
    expect(Tags).toEqual([{ Key: "team", Value: "orders" }]);
  });
});

describe("what is not there", () => {
  test("is named", async ({ emulator, uniqueName: TableName }) => {
    const { dynamodb } = tableClients(emulator.emu);
    await createTable({ dynamodb }, TableName);
    const statement = await failureOf(dynamodb.send(new ExecuteStatementCommand({ Statement: "SELECT * FROM a" })));
    expect(statement).toBe(
      "501 NotImplementedException: not implemented by LocalEmu: ExecuteStatement (PartiQL is not spoken here; the operations on items are)",
    );
    const backup = await failureOf(dynamodb.send(new CreateBackupCommand({ TableName, BackupName: "backup" })));
    expect(backup).toContain("CreateBackup");
    const index = dynamodb.send(
      new UpdateTableCommand({
        TableName,
        GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-status" } }],
      }),
    );
    expect(await failureOf(index)).toContain("UpdateTable that creates or deletes an index");
    const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: "DISABLED" });
  });
});
