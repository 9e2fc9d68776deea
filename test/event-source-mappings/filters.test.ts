import { createHash } from "node:crypto";
import { PutRecordsCommand } from "@aws-sdk/client-kinesis";
import {
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import type { FilterCriteria } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream, orders, streamArn } from "./mapped-stream.ts";
import type { MappedStream } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ clock: "frozen" });
});

afterAll(() => server[Symbol.asyncDispose]());

function filters(...patterns: readonly object[]): { Filters: { Pattern: string }[] } {
  return { Filters: patterns.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) };
}

const idsFrom = (id: number): FilterCriteria => filters({ data: { id: [{ numeric: [">=", id] }] } });

async function update(world: MappedStream, UUID: string, FilterCriteria: FilterCriteria): Promise<void> {
  await world.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, FilterCriteria }));
  await world.emu.idle();
}

/** Puts records with one call; gives their sequence numbers. */
async function putRaw(world: MappedStream, ...data: readonly (string | Buffer)[]): Promise<readonly string[]> {
  const { Records = [] } = await world.clients.kinesis.send(
    new PutRecordsCommand({
      StreamName: "orders",
      Records: data.map((bytes, index) => ({ Data: Buffer.from(bytes), PartitionKey: `key-${index}` })),
    }),
  );
  return Records.map(({ SequenceNumber = "" }) => SequenceNumber);
}

/** A function that logs the md5 of each record's data. */
const digests = `import { createHash } from "node:crypto";
  export const handler = async ({ Records }) => {
    for (const { kinesis } of Records) {
      const md5 = createHash("md5").update(Buffer.from(kinesis.data, "base64")).digest("hex");
      console.log(JSON.stringify({ md5, partitionKey: kinesis.partitionKey }));
    }
  };`;

const md5 = (data: string | Buffer): string => createHash("md5").update(data).digest("hex");

async function delivered(world: MappedStream): Promise<readonly unknown[]> {
  return (await world.logged("digests", "md5")).map(({ json }): unknown => JSON.parse(json));
}

describe("what no filter matches", () => {
  test("does not reach the function, and does not count for a batch", async () => {
    await using world = await mappedStream(server);
    const even = filters({ data: { id: [2, 4, 6, 8] } });
    await world.map({ FilterCriteria: even, BatchSize: 2 });
    await world.put(...orders(1, 9));
    await world.emu.idle();
    expect(await world.batches()).toEqual([
      [2, 4],
      [6, 8],
    ]);
    expect(await world.events("mapping.recordsFiltered")).toMatchObject([
      { stream: "orders", shardId: "shardId-000000000000", functionName: "orders-fn", filteredOut: 5, records: 9 },
    ]);
  });

  test("is checkpointed without an invocation", async () => {
    await using world = await mappedStream(server);
    const UUID = await world.map({ FilterCriteria: idsFrom(100) });
    const sequenceNumbers = await world.put(...orders(1, 3));
    expect(await world.emu.idle()).toEqual({ state: "idle" });
    expect(await world.events("function.invoked")).toEqual([]);
    expect(await world.events("mapping.checkpointMoved")).toMatchObject([{ sequenceNumber: sequenceNumbers.at(-1) }]);
    expect((await world.mapping(UUID)).LastProcessingResult).toBe("No records processed");
  });

  test("after the last match, is checkpointed with it", async () => {
    await using world = await mappedStream(server);
    const UUID = await world.map({ FilterCriteria: filters({ data: { id: [2] } }) });
    const sequenceNumbers = await world.put(...orders(1, 3));
    await world.emu.idle();
    expect((await world.events("mapping.checkpointMoved")).at(-1)?.sequenceNumber).toBe(sequenceNumbers.at(-1));
    await update(world, UUID, {});
    expect(await world.batches()).toEqual([[2]]);
  });

  test("is behind the checkpoint of a failing batch before it only once that is over", async () => {
    await using world = await mappedStream(server);
    await world.map({ FilterCriteria: filters({ data: { id: [1] } }), MaximumRetryAttempts: 1 });
    const sequenceNumbers = await world.put({ id: 1, fail: "throw" }, ...orders(2, 3));
    expect(await world.emu.idle()).toMatchObject({ state: "sleeping" });
    expect(await world.events("mapping.checkpointMoved")).toEqual([]);
    await world.emu.clock.advance(1000);
    expect((await world.events("mapping.checkpointMoved")).at(-1)?.sequenceNumber).toBe(sequenceNumbers.at(-1));
  });
});

describe("what a filter matches", () => {
  test("is delivered as the very bytes that were put", async () => {
    await using world = await mappedStream(server);
    await world.createFunction({ FunctionName: "digests" }, digests);
    await world.map({ FunctionName: "digests", FilterCriteria: filters({ data: { n: [300] } }) });
    const odd = [
      '{"n":300}',
      ' {"n" : 3e2 ,\r\n\t"z":1.0, "a":"\\u00e4\\/"}\n',
      '{"n":300.0,"n2":12345678901234567890}',
      '{"n":1,"n":300}',
      '{"n":[299,300]}',
    ];
    await putRaw(world, ...odd, '{"n":301}', '{"n":"300"}');
    await world.emu.idle();
    expect(await delivered(world)).toEqual(
      odd.map((data, index) => ({ md5: md5(data), partitionKey: `key-${index}` })),
    );
  });

  test("may be what is no JSON, for a filter that does not look into the data", async () => {
    await using world = await mappedStream(server);
    await world.createFunction({ FunctionName: "digests" }, digests);
    const criteria = filters({ data: { n: [{ exists: false }] } }, { partitionKey: ["key-1"] });
    await world.map({ FunctionName: "digests", FilterCriteria: criteria });
    const bytes = Buffer.from([0x7b, 0xff, 0x00]);
    await putRaw(world, "no JSON", bytes, "{}", '{"n":1}');
    await world.emu.idle();
    expect(await delivered(world)).toEqual([
      { md5: md5(bytes), partitionKey: "key-1" },
      { md5: md5("{}"), partitionKey: "key-2" },
    ]);
    expect(await world.events("mapping.recordsFiltered")).toMatchObject([{ filteredOut: 2, records: 4 }]);
  });

  test("is what any of five matches", async () => {
    await using world = await mappedStream(server);
    const five = [1, 3, 5, 7, 9].map((id) => ({ data: { id: [id] } }));
    await world.map({ FilterCriteria: filters(...five) });
    await world.put(...orders(1, 10));
    await world.emu.idle();
    expect(await world.batches()).toEqual([[1, 3, 5, 7, 9]]);
  });
});

describe("a mapping", () => {
  test("tells its filters as they were written", async () => {
    await using world = await mappedStream(server);
    const { lambda } = world.clients;
    const FilterCriteria = {
      Filters: [{ Pattern: '{ "data": {"id": [ 1.0 ]} }' }, { Pattern: '{"data":{"x":["y"]}}' }],
    };
    const UUID = await world.map({ FilterCriteria });
    await world.emu.idle();
    expect(await lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({ FilterCriteria });
    const listed = await lambda.send(new ListEventSourceMappingsCommand({ EventSourceArn: streamArn }));
    expect(listed.EventSourceMappings).toMatchObject([{ FilterCriteria }]);
    const updated = await lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 7 }));
    expect(updated).toMatchObject({ BatchSize: 7, FilterCriteria });
  });

  test("without filters says nothing of them", async () => {
    await using world = await mappedStream(server);
    const UUID = await world.map({ FilterCriteria: { Filters: [] } });
    expect(await world.mapping(UUID)).not.toHaveProperty("FilterCriteria");
  });

  test("gets, changes and loses its filters by updates, from the checkpoint on", async () => {
    await using world = await mappedStream(server);
    const UUID = await world.map();
    await world.put(...orders(1, 2));
    await world.emu.idle();
    await update(world, UUID, idsFrom(4));
    expect((await world.mapping(UUID)).FilterCriteria).toEqual(idsFrom(4));
    await world.put(...orders(3, 5));
    await world.emu.idle();
    await update(world, UUID, idsFrom(7));
    await world.put(...orders(6, 8));
    await world.emu.idle();
    for (const none of [{}, { Filters: [] }]) {
      await update(world, UUID, none);
      expect(await world.mapping(UUID)).not.toHaveProperty("FilterCriteria");
    }
    await world.put(...orders(1, 1));
    await world.emu.idle();
    expect(await world.batches()).toEqual([[1, 2], [4, 5], [7, 8], [1]]);
  });
});

describe("an invalid pattern", () => {
  // AWS: these were recorded on AWS, the last one apart.
  test.each<[pattern: string, reason: string]>([
    ["null", "Filter is not an object"],
    ["simple string", expect.stringContaining("JSON")],
    ['{"eventSource": "aws:sqs"}', '"eventSource" must be an object or an array'],
    ['{"eventSource": []}', "Empty arrays are not allowed"],
    ['[{"eventName": ["INSERT"=123}]', expect.stringContaining("JSON")],
    ['{"data": ["plain text"]}', '"data" must be an object'],
  ])("is refused by create and update: %s", async (Pattern, reason) => {
    await using world = await mappedStream(server);
    const FilterCriteria = { Filters: [{ Pattern }] };
    const error = {
      name: "InvalidParameterValueException",
      message: "Invalid filter pattern definition.",
      Type: "User",
      $metadata: { httpStatusCode: 400 },
    };
    await expect(world.map({ FilterCriteria })).rejects.toMatchObject(error);
    const UUID = await world.map();
    await world.emu.idle();
    await expect(update(world, UUID, FilterCriteria)).rejects.toMatchObject(error);
    expect(await world.mapping(UUID)).toMatchObject({ State: "Enabled" });
    const { message, name: code } = error;
    expect(await world.events("call.failed")).toMatchObject([
      { operation: "CreateEventSourceMapping", code, message, reason },
      { operation: "UpdateEventSourceMapping", code, message, reason },
    ]);
  });

  test("is told before a function that does not exist", async () => {
    await using world = await mappedStream(server);
    const FilterCriteria = { Filters: [{ Pattern: "null" }] };
    await expect(world.map({ FunctionName: "nobody", FilterCriteria })).rejects.toThrow(
      "Invalid filter pattern definition.",
    );
  });

  test("may be too long", async () => {
    await using world = await mappedStream(server);
    const Pattern = `{"data":{"a":["${"x".repeat(4096)}"]}}`;
    await expect(world.map({ FilterCriteria: { Filters: [{ Pattern }] } })).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("Member must have length less than or equal to 4096"),
    });
  });
});
