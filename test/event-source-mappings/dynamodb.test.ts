import { DeleteTableCommand, UpdateTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { createTable, shardOf } from "../dynamodb/tables.ts";
import { functionArn, toQueue } from "./mapped-stream.ts";
import { mappedTable } from "./mapped-table.ts";
import type { TableOrder } from "./mapped-table.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator();
});

afterAll(() => server[Symbol.asyncDispose]());

const start = Date.UTC(2030, 0, 1);
const range = (first: number, last: number): readonly TableOrder[] =>
  Array.from({ length: last - first + 1 }, (_, index) => ({ id: first + index }));

describe("the event", () => {
  test("is AWS's, byte by byte", async () => {
    await using table = await mappedTable(server, { frozen: true });
    const { emu } = table.world;
    await emu.clock.set(start + 999);
    await table.map();
    await table.put({ id: 1, text: "a" });
    await table.delete(1);
    await emu.idle();
    const [first = "", second = ""] = await table.sequenceNumbers();
    const { invocations } = await emu.control.peek.function("tables-fn");
    const records = invocations.flatMap(({ payload }) => JSON.parse(payload).Records);
    const [inserted, removed] = records.map((record) => JSON.stringify(record));
    const tail = (sequenceNumber: string, size: number) =>
      `,"SequenceNumber":"${sequenceNumber}","SizeBytes":${size},"StreamViewType":"NEW_AND_OLD_IMAGES"},` +
      `"eventSourceARN":"${table.streamArn}"}`;
    const head = (eventName: string) =>
      `,"eventName":"${eventName}","eventVersion":"1.1","eventSource":"aws:dynamodb","awsRegion":"us-east-1",` +
      `"dynamodb":{"ApproximateCreationDateTime":${start / 1000},"Keys":{"id":{"N":"1"}},`;
    expect(inserted?.replace(/^\{"eventID":"[0-9a-f]{32}"/, "")).toBe(
      `${head("INSERT")}"NewImage":{"id":{"N":"1"},"text":{"S":"a"}}${tail(first, 4 + 9)}`,
    );
    expect(removed?.replace(/^\{"eventID":"[0-9a-f]{32}"/, "")).toBe(
      `${head("REMOVE")}"OldImage":{"id":{"N":"1"},"text":{"S":"a"}}${tail(second, 4 + 9)}`,
    );
  });

  test("of an item that expired names the service", async () => {
    await using table = await mappedTable(server, { frozen: true });
    const { emu } = table.world;
    const { now } = await emu.clock.read();
    const TimeToLiveSpecification = { AttributeName: "times", Enabled: true };
    await table.clients.dynamodb.send(new UpdateTimeToLiveCommand({ TableName: "orders", TimeToLiveSpecification }));
    const pattern = {
      eventName: ["REMOVE"],
      userIdentity: { type: ["Service"], principalId: ["dynamodb.amazonaws.com"] },
    };
    await table.map({ FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] } });
    await table.put({ id: 1, times: Math.floor(now / 1000) + 60 }, { id: 2 });
    await table.delete(2);
    expect(await emu.idle()).toEqual({ state: "idle" });
    await emu.clock.advance(60_000);
    expect(await table.world.batches("tables-fn")).toEqual([[1]]);
    const [invocation] = (await emu.control.peek.function("tables-fn")).invocations;
    expect(JSON.parse(invocation?.payload ?? "").Records).toMatchObject([
      { eventName: "REMOVE", userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" } },
    ]);
  });

  test("of a tumbling window has its members", async () => {
    await using table = await mappedTable(server, { frozen: true });
    const { emu } = table.world;
    await emu.clock.set(start);
    await table.map({ TumblingWindowInSeconds: 60 });
    await table.put({ id: 1 }, { id: 2 });
    await emu.idle();
    await emu.clock.advance(60_000);
    const { invocations } = await emu.control.peek.function("tables-fn");
    const last = JSON.parse(invocations.at(-1)?.payload ?? "");
    expect(last).toEqual({
      Records: [],
      window: { start: "2030-01-01T00:00:00Z", end: "2030-01-01T00:01:00Z" },
      state: { count: 2 },
      shardId: (await shardOf(table.clients, table.streamArn))?.ShardId,
      eventSourceARN: table.streamArn,
      isFinalInvokeForWindow: true,
      isWindowTerminatedEarly: false,
    });
  });
});

describe("delivery", () => {
  test("is in order, in batches, and over when the world is idle", async () => {
    await using table = await mappedTable(server);
    await table.put(...range(1, 25));
    const UUID = await table.map({ BatchSize: 10 });
    await table.world.emu.idle();
    expect(await table.world.batches("tables-fn")).toEqual([
      range(1, 10).map(({ id }) => id),
      range(11, 20).map(({ id }) => id),
      range(21, 25).map(({ id }) => id),
    ]);
    const { LastProcessingResult, StartingPosition } = await table.world.mapping(UUID);
    expect({ LastProcessingResult, StartingPosition }).toEqual({
      LastProcessingResult: "OK",
      StartingPosition: "TRIM_HORIZON",
    });
    const [mapping] = await table.world.emu.mappings();
    const sequenceNumbers = await table.sequenceNumbers();
    expect(mapping?.shards).toMatchObject([{ checkpoint: sequenceNumbers.at(-1), unfinished: 0 }]);
  });

  test("begins at LATEST with what is written after the call", async () => {
    await using table = await mappedTable(server);
    await table.put(...range(1, 3));
    await table.map({ StartingPosition: "LATEST" });
    await table.put(...range(4, 5));
    await table.world.emu.idle();
    expect((await table.world.batches("tables-fn")).flat()).toEqual([4, 5]);
  });

  test("goes on from the checkpoint", async () => {
    await using table = await mappedTable(server);
    const UUID = await table.map();
    await table.put({ id: 1 });
    await table.world.emu.idle();
    const enable = (Enabled: boolean) =>
      table.world.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
    await enable(false);
    await table.world.emu.idle();
    await table.put({ id: 2 });
    await enable(true);
    await table.world.emu.idle();
    expect(await table.world.batches("tables-fn")).toEqual([[1], [2]]);
  });

  test("keeps the order of an item over parallel batches", async () => {
    await using table = await mappedTable(server);
    for (let text = 1; text <= 5; text++) {
      await table.put(...range(1, 4).map(({ id }) => ({ id, text: String(text) })));
    }
    await table.map({ ParallelizationFactor: 4, BatchSize: 2 });
    await table.world.emu.idle();
    const { invocations } = await table.world.emu.control.peek.function("tables-fn");
    const texts = new Map<string, string[]>();
    for (const { payload } of invocations) {
      for (const { dynamodb } of JSON.parse(payload).Records) {
        const id: string = dynamodb.NewImage.id.N;
        texts.set(id, [...(texts.get(id) ?? []), dynamodb.NewImage.text.S]);
      }
    }
    expect(Object.fromEntries(texts)).toEqual(
      Object.fromEntries(range(1, 4).map(({ id }) => [String(id), ["1", "2", "3", "4", "5"]])),
    );
  });

  test("ends with the stream of a deleted table, once all of it is delivered", async () => {
    await using table = await mappedTable(server);
    await table.put(...range(1, 3));
    await table.clients.dynamodb.send(new DeleteTableCommand({ TableName: "orders" }));
    await table.map();
    await table.world.emu.idle();
    expect(await table.world.batches("tables-fn")).toEqual([[1, 2, 3]]);
    expect(await table.world.events("mapping.shardEnded")).toHaveLength(1);
  });

  test("meets the faults of GetRecords", async () => {
    await using table = await mappedTable(server);
    await table.world.emu.faults.add({
      operation: "dynamodbstreams:GetRecords",
      error: "LimitExceededException",
      caller: "mapping",
      times: 2,
    });
    await table.map();
    await table.put({ id: 1 });
    await table.world.emu.idle();
    expect(await table.world.events("mapping.readFailed")).toHaveLength(2);
    expect(await table.world.batches("tables-fn")).toEqual([[1]]);
  });
});

describe("failures", () => {
  test("are retried and reported in AWS's document", async () => {
    await using table = await mappedTable(server, { frozen: true });
    const { emu } = table.world;
    await emu.clock.set(start + 500);
    await table.put({ id: 1 });
    await emu.clock.advance(1_300);
    await table.put({ id: 2, fail: "throw" });
    await table.map({ MaximumRetryAttempts: 1, DestinationConfig: toQueue });
    await emu.clock.advance(25);
    await emu.idle();
    const [from, to] = await table.sequenceNumbers();
    const [, last] = await table.world.events("function.invoked");
    expect(await table.world.reports()).toEqual([
      `{"requestContext":{"requestId":"${last?.requestId}","functionArn":"${functionArn.replace("orders-fn", "tables-fn")}",` +
        `"condition":"RetryAttemptsExhausted","approximateInvokeCount":2},` +
        `"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},` +
        `"version":"1.0","timestamp":"2030-01-01T00:00:01.825Z",` +
        `"DDBStreamBatchInfo":{"shardId":"${(await shardOf(table.clients, table.streamArn))?.ShardId}",` +
        `"startSequenceNumber":"${from}","endSequenceNumber":"${to}",` +
        `"approximateArrivalOfFirstRecord":"2030-01-01T00:00:00Z","approximateArrivalOfLastRecord":"2030-01-01T00:00:01Z",` +
        `"batchSize":2,"streamArn":"${table.streamArn}"}}`,
    ]);
  });

  test("are bisected down to the poison record", async () => {
    await using table = await mappedTable(server);
    await table.put(...range(1, 6), { id: 7, fail: "throw" }, ...range(8, 10));
    await table.map({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1, DestinationConfig: toQueue });
    await table.world.emu.idle();
    const [report = "", ...others] = await table.world.reports();
    expect(others).toEqual([]);
    const poison = (await table.sequenceNumbers())[6];
    expect(JSON.parse(report).DDBStreamBatchInfo).toMatchObject({ batchSize: 1, startSequenceNumber: poison });
    const batches = await table.world.batches("tables-fn");
    expect(batches.slice(batches.findLastIndex((batch) => batch.includes(7)) + 1).flat()).toEqual([8, 9, 10]);
  });

  test("of single records are reported by their sequence numbers", async () => {
    await using table = await mappedTable(server);
    await table.put(...range(1, 2), { id: 3, fail: "report", times: 1 }, { id: 4 });
    await table.map({ FunctionResponseTypes: ["ReportBatchItemFailures"] });
    await table.world.emu.idle();
    expect(await table.world.batches("tables-fn")).toEqual([
      [1, 2, 3, 4],
      [3, 4],
    ]);
  });

  test("by age discard the record that is too old", async () => {
    await using table = await mappedTable(server, { frozen: true });
    await table.put({ id: 1 });
    await table.world.emu.clock.advance(61_000);
    await table.put({ id: 2 });
    await table.map({ MaximumRecordAgeInSeconds: 60, DestinationConfig: toQueue });
    await table.world.emu.idle();
    expect(await table.world.batches("tables-fn")).toEqual([[2]]);
    expect(await table.world.reports()).toEqual([expect.stringContaining('"condition":"RecordAgeExceeded"')]);
  });
});

describe("filters", () => {
  test.each([
    [{ dynamodb: { NewImage: { text: { S: ["b"] } } } }, [2]],
    [{ dynamodb: { Keys: { id: { N: ["1", "3"] } } } }, [1, 3, 1]],
    // AWS: numbers are texts, which no range of numbers holds (recorded on AWS).
    [{ dynamodb: { Keys: { id: { N: [{ numeric: [">", 0] }] } } } }, []],
    [{ eventName: ["INSERT"], eventSource: ["aws:dynamodb"] }, [1, 2, 3]],
    [{ eventName: ["REMOVE"] }, [1]],
    [{ dynamodb: { NewImage: { text: { S: [{ exists: false }] } } }, eventName: ["INSERT"] }, [3]],
  ])("%j", async (pattern, expected) => {
    await using table = await mappedTable(server);
    await table.map({ FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] } });
    await table.put({ id: 1, text: "a" }, { id: 2, text: "b" }, { id: 3 });
    await table.delete(1);
    await table.world.emu.idle();
    expect((await table.world.batches("tables-fn")).flat()).toEqual(expected);
  });
});

describe("CreateEventSourceMapping", () => {
  test("answers as for a Kinesis stream, and refuses what AWS does", async () => {
    await using table = await mappedTable(server);
    const failure = (change: Parameters<typeof table.map>[0]) => failureOf(table.map(change));
    const refused = (message: string) => `400 InvalidParameterValueException: ${message}`;
    expect(await failure({ StartingPosition: "AT_TIMESTAMP", StartingPositionTimestamp: new Date(1000) })).toBe(
      refused(`Unsupported starting position for arn type: ${table.streamArn}`),
    );
    const missing = table.streamArn.replace(/stream\/.*/, "stream/2020-01-01T00:00:00.000");
    expect(await failure({ EventSourceArn: missing })).toBe(refused(`Stream not found: ${missing}`));
    const noStream = table.streamArn.replace(/\/stream\/.*/, "");
    expect(await failure({ EventSourceArn: noStream })).toBe(
      refused(`Unrecognized event source. Unsupported source arn : ${noStream}`),
    );
    expect(await failure({ FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":["text"]}' }] } })).toBe(
      refused("Invalid filter pattern definition."),
    );
    const UUID = await table.map();
    await table.world.emu.idle();
    expect(await table.world.mapping(UUID)).toMatchObject({
      BatchSize: 100,
      ParallelizationFactor: 1,
      MaximumRetryAttempts: -1,
      EventSourceArn: table.streamArn,
      LastProcessingResult: "No records processed",
      State: "Enabled",
      StateTransitionReason: "User action",
    });
    expect(await failure({})).toContain(
      `409 ResourceConflictException: The event source arn (" ${table.streamArn} ") and function (" tables-fn ")`,
    );
  });
});

test("worlds have tables of their own, and forget them", async () => {
  await using table = await mappedTable(server);
  await using other = await mappedTable(server);
  await table.put({ id: 1 });
  await other.map();
  await other.world.emu.idle();
  expect(await other.world.batches("tables-fn")).toEqual([]);
  expect((await table.world.emu.control.peek.table("orders")).items).toHaveLength(1);
  expect((await other.world.emu.control.peek.table("orders")).items).toEqual([]);
  await table.world.emu.reset();
  await expect(table.world.emu.control.peek.table("orders")).rejects.toThrow("there is no table orders");
  expect(await createTable(table.clients, "orders")).not.toBe("");
});
