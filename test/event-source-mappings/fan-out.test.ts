import {
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  RegisterStreamConsumerCommand,
  UpdateShardCountCommand,
} from "@aws-sdk/client-kinesis";
import { ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { mappedStream, orders, streamArn, toQueue } from "./mapped-stream.ts";
import type { MappedStream } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ clock: "frozen" });
});

afterAll(() => server[Symbol.asyncDispose]());

const minute = 60_000;
const delivered = async (world: MappedStream) => (await world.batches()).flat();

/** Registers a consumer of the stream; gives its ARN. */
async function register({ clients: { kinesis } }: MappedStream, ConsumerName = "app"): Promise<string> {
  const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN: streamArn, ConsumerName }));
  return Consumer?.ConsumerARN ?? "";
}

async function deregister({ clients: { kinesis } }: MappedStream, ConsumerARN: string): Promise<void> {
  await kinesis.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
}

describe("a mapping of a consumer", () => {
  test("delivers what is put, under the consumer's ARN", async () => {
    await using world = await mappedStream(server);
    const code = `export const handler = async ({ Records }) => console.log(JSON.stringify({ from: Records[0].eventSourceARN, id: Records[0].eventID }));`;
    await world.createFunction({ FunctionName: "arns" }, code);
    const EventSourceArn = await register(world);
    expect(EventSourceArn).toMatch(/^arn:aws:kinesis:us-east-1:000000000000:stream\/orders\/consumer\/app:\d+$/);
    await world.put({ id: 1 });
    const UUID = await world.map({ EventSourceArn, StartingPosition: "LATEST", FunctionName: "arns" });
    expect(await world.mapping(UUID)).toMatchObject({ EventSourceArn, LastProcessingResult: "No records processed" });
    const [sequenceNumber = ""] = await world.put({ id: 2 });
    expect(await world.emu.idle()).toEqual({ state: "idle" });
    const [line, ...more] = await world.logged("arns", "from");
    expect(JSON.parse(line?.json ?? "")).toEqual({
      from: EventSourceArn,
      id: `shardId-000000000000:${sequenceNumber}`,
    });
    expect(more).toEqual([]);
    expect(await world.mapping(UUID)).toMatchObject({ State: "Enabled", LastProcessingResult: "OK" });
  });

  test("stands beside one of the stream, and is refused a second time", async () => {
    await using world = await mappedStream(server);
    const EventSourceArn = await register(world);
    await world.map();
    const UUID = await world.map({ EventSourceArn });
    await world.put({ id: 1 });
    await world.emu.idle();
    expect(await delivered(world)).toEqual([1, 1]);
    expect(await failureOf(world.map({ EventSourceArn }))).toBe(
      `409 ResourceConflictException: The event source arn (" ${EventSourceArn} ") and function (" orders-fn ") provided mapping ` +
        `already exists. Please update or delete the existing mapping with UUID ${UUID}`,
    );
  });

  test("reports what it gives up under the consumer's ARN", async () => {
    await using world = await mappedStream(server);
    const EventSourceArn = await register(world);
    await world.map({ EventSourceArn, MaximumRetryAttempts: 0, DestinationConfig: toQueue });
    await world.put({ id: 1, fail: "throw" });
    await world.emu.idle();
    const [report = "{}"] = await world.reports();
    expect(JSON.parse(report)).toMatchObject({
      requestContext: { condition: "RetryAttemptsExhausted" },
      KinesisBatchInfo: { shardId: "shardId-000000000000", batchSize: 1, streamArn: EventSourceArn },
    });
  });

  test("keeps the order of a key over a resharding, and its place over a change", async () => {
    await using world = await mappedStream(server);
    const UUID = await world.map({ EventSourceArn: await register(world) });
    const { kinesis, lambda } = world.clients;
    await world.put(...orders(1, 3));
    await kinesis.send(
      new UpdateShardCountCommand({ StreamName: "orders", TargetShardCount: 2, ScalingType: "UNIFORM_SCALING" }),
    );
    await world.put(...orders(4, 6));
    await world.emu.idle();
    await lambda.send(new UpdateEventSourceMappingCommand({ UUID, BatchSize: 2 }));
    await world.put(...orders(7, 8));
    await world.emu.idle();
    expect(await delivered(world)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe("the consumer of a mapping", () => {
  test("must be ACTIVE when the mapping is made", async () => {
    await using slow = await startTestEmulator({ clock: "frozen", kinesisLatencyMs: 500 });
    await using world = await mappedStream(slow);
    await world.emu.clock.advance(500);
    const EventSourceArn = await register(world);
    const refused = `400 InvalidParameterValueException: Stream consumer not found: ${EventSourceArn}`;
    expect(await failureOf(world.map({ EventSourceArn }))).toBe(refused);
    await world.emu.clock.advance(500);
    expect(await failureOf(world.map({ EventSourceArn }))).toBe("no failure");
    await deregister(world, EventSourceArn);
    await world.createFunction({ FunctionName: "late" });
    expect(await failureOf(world.map({ EventSourceArn, FunctionName: "late" }))).toBe(refused);
  });

  test("may go: the mapping says so, stays, and reads no consumer of another ARN", async () => {
    await using world = await mappedStream(server);
    const EventSourceArn = await register(world);
    const UUID = await world.map({ EventSourceArn });
    await world.put({ id: 1 });
    await world.emu.idle();
    await deregister(world, EventSourceArn);
    expect(await world.emu.idle()).toEqual({ state: "idle" });
    const gone = { State: "Enabled", LastProcessingResult: "PROBLEM: Stream consumer not found" };
    expect(await world.mapping(UUID)).toMatchObject(gone);
    await world.emu.clock.advance(1000);
    expect(await register(world)).not.toBe(EventSourceArn);
    await world.put({ id: 2 });
    await world.emu.idle();
    expect(await world.mapping(UUID)).toMatchObject(gone);
    expect(await delivered(world)).toEqual([1]);
  });

  test("that comes again within the second has the same ARN: the mapping goes on from its checkpoint", async () => {
    await using world = await mappedStream(server);
    const EventSourceArn = await register(world);
    const UUID = await world.map({ EventSourceArn });
    await world.put({ id: 1 });
    await world.emu.idle();
    await deregister(world, EventSourceArn);
    await world.put({ id: 2 });
    await world.emu.idle();
    expect(await register(world)).toBe(EventSourceArn);
    await world.put({ id: 3 });
    await world.emu.idle();
    expect(await delivered(world)).toEqual([1, 2, 3]);
    expect(await world.mapping(UUID)).toMatchObject({ State: "Enabled", LastProcessingResult: "OK" });
  });

  test("may be gone when the mapping is enabled again", async () => {
    await using world = await mappedStream(server);
    const EventSourceArn = await register(world);
    const UUID = await world.map({ EventSourceArn, Enabled: false });
    await deregister(world, EventSourceArn);
    await world.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    expect(await world.emu.idle()).toEqual({ state: "idle" });
    const gone = { State: "Enabled", LastProcessingResult: "PROBLEM: Stream consumer not found" };
    expect(await world.mapping(UUID)).toMatchObject(gone);
    const list = async (arn: string) =>
      (await world.clients.lambda.send(new ListEventSourceMappingsCommand({ EventSourceArn: arn })))
        .EventSourceMappings;
    expect(await list(EventSourceArn)).toMatchObject([{ UUID, ...gone }]);
    expect(await list(streamArn)).toEqual([]);
    expect(await world.events("mapping.problem")).toMatchObject([
      { message: `there is no consumer ${EventSourceArn}` },
    ]);
  });

  test("goes with its stream", async () => {
    await using world = await mappedStream(server);
    const UUID = await world.map({ EventSourceArn: await register(world) });
    await world.emu.idle();
    await world.clients.kinesis.send(new DeleteStreamCommand({ StreamName: "orders", EnforceConsumerDeletion: true }));
    expect(await world.emu.idle()).toEqual({ state: "idle" });
    expect((await world.mapping(UUID)).LastProcessingResult).toBe("PROBLEM: Stream consumer not found");
  });
});

describe("what a mapping of a consumer is given", () => {
  test("is not taken from what others may read of the shard", async () => {
    await using limited = await startTestEmulator({ clock: "frozen", kinesisThroughputLimits: true });
    await using world = await mappedStream(limited);
    await world.map({ EventSourceArn: await register(world) });
    for (let id = 1; id <= 8; id++) {
      await world.put({ id });
      await world.emu.idle();
    }
    expect(await delivered(world)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const { kinesis } = world.clients;
    const { ShardIterator } = await kinesis.send(
      new GetShardIteratorCommand({ StreamName: "orders", ShardId: "0", ShardIteratorType: "TRIM_HORIZON" }),
    );
    for (let call = 1; call <= 5; call++) {
      expect(await failureOf(kinesis.send(new GetRecordsCommand({ ShardIterator })))).toBe("no failure");
    }
  });

  test("is 2 MiB in a second where there are limits; it waits for more", async () => {
    await using limited = await startTestEmulator({ clock: "frozen", kinesisThroughputLimits: true });
    await using world = await mappedStream(limited);
    const padding = "x".repeat(700_000);
    for (let id = 1; id <= 4; id++) {
      await world.emu.stream("orders").put(JSON.stringify({ id, padding }), { partitionKey: "customer" });
      await world.emu.clock.advance(1000);
    }
    await world.map({ EventSourceArn: await register(world) });
    await world.emu.idle();
    expect(await delivered(world)).toEqual([1, 2, 3, 4]);
    await world.put({ id: 5 });
    expect(await world.emu.idle()).toMatchObject({
      state: "sleeping",
      nextTimer: { label: "delayed read of shardId-000000000000 of orders for orders-fn", inMs: 1336 },
    });
    await world.emu.clock.advance(1336);
    expect(await delivered(world)).toEqual([1, 2, 3, 4, 5]);
  });

  test("meets the faults of SubscribeToShard, and no others", async () => {
    await using world = await mappedStream(server);
    const UUID = await world.map({ EventSourceArn: await register(world) });
    await world.emu.idle();
    await world.emu.faults.add({ operation: "kinesis:GetRecords", error: "InternalFailure" });
    const fault = { operation: "kinesis:SubscribeToShard", caller: "mapping", message: "m" } as const;
    await world.emu.faults.add({ ...fault, error: "LimitExceededException", times: 2 });
    await world.put({ id: 1 });
    expect(await world.emu.idle()).toMatchObject({ state: "sleeping" });
    await world.emu.clock.advance(minute);
    expect(await delivered(world)).toEqual([1]);
    const failures = await world.events("mapping.readFailed");
    expect(failures).toMatchObject([1, 2].map(() => ({ error: "LimitExceededException: m", reason: "transient" })));

    const { id } = await world.emu.faults.add({ ...fault, error: "AccessDeniedException" });
    await world.put({ id: 2 });
    await world.emu.idle();
    expect((await world.mapping(UUID)).LastProcessingResult).toBe("PROBLEM: AccessDeniedException: m");
    await world.emu.faults.remove(id);
    await world.emu.clock.advance(minute);
    expect(await delivered(world)).toEqual([1, 2]);
  });
});
