import { readFileSync } from "node:fs";
import { SplitShardCommand } from "@aws-sdk/client-kinesis";
import { UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import type {
  CreateEventSourceMappingCommandInput,
  UpdateEventSourceMappingCommandInput,
} from "@aws-sdk/client-lambda";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { mappedStream, role, streamArn, toQueue } from "./mapped-stream.ts";
import type { MappedStream, Order } from "./mapped-stream.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ clock: "frozen" });
});

afterAll(() => server[Symbol.asyncDispose]());

const aggregate = readFileSync(new URL("./function/aggregate.mjs", import.meta.url));
const minute = 60_000;
/** A window of two minutes begins. */
const start = Date.parse("2090-12-09T07:04:00Z");

/** An order that the function sums up. */
interface Sale extends Order {
  readonly amount: number;
  /** How large it makes the state, bytes. */
  readonly padding?: number;
  /** How often the last invocation of its window fails. */
  readonly closings?: number;
}

const sale = (id: number, amount: number, more: Partial<Sale> = {}): Sale => ({ id, amount, ...more });

/** A world whose clock stands 10 s after the begin of a window of two minutes, with a mapping to the summing function. */
async function summing(
  change: Partial<CreateEventSourceMappingCommandInput> = {},
  options: { readonly shards?: number; readonly code?: string } = {},
) {
  const world = await mappedStream(server, options);
  await world.createFunction({ FunctionName: "sums" }, options.code ?? aggregate);
  await world.emu.clock.set(start + 10_000);
  const UUID = await world.map({ FunctionName: "sums", TumblingWindowInSeconds: 120, ...change });
  await world.emu.idle();
  const update = async (to: Partial<UpdateEventSourceMappingCommandInput>): Promise<void> => {
    await world.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, ...to }));
    await world.emu.idle();
  };
  return Object.assign(world, { UUID, update, [Symbol.asyncDispose]: () => world.emu.close() });
}

/** What the function was given, an invocation a line: `07:04 3 [1 2]` for a window, its sum and the ids of its orders. */
async function given(world: MappedStream): Promise<readonly string[]> {
  const invoked = (await world.events("function.invoked")).filter(({ functionName }) => functionName === "sums");
  const lines = await world.logged("sums", "given");
  return invoked.map(({ requestId }) => {
    const { given: told } = JSON.parse(lines.find((line) => line.requestId === requestId)?.json ?? "{}");
    const mark = told.final === true ? " final" : told.early === true ? " early" : "";
    return `${told.window?.slice(11, 16) ?? "none"} ${told.sum} [${told.ids.join(" ")}]${mark}`;
  });
}

test("a function sums up each window, and gets its sum when the window is over", async () => {
  await using world = await summing();
  await world.put(sale(1, 10), sale(2, 20));
  await world.emu.idle();
  await world.emu.clock.advance(minute);
  await world.put(sale(3, 30));
  await world.emu.clock.advance(minute);
  await world.put(sale(4, 40));
  await world.emu.clock.advance(2 * minute);
  expect(await given(world)).toEqual([
    "07:04 0 [1 2]",
    "07:04 30 [3]",
    "07:04 60 [] final",
    "07:06 0 [4]",
    "07:06 40 [] final",
  ]);
  expect(await world.emu.idle()).toEqual({ state: "idle" });
});

test("the event is as AWS has it", async () => {
  const code = `export const handler = async (event) => {
    console.log(JSON.stringify({ given: event }));
    return { state: { "1": 282, "2": 715 } };
  };`;
  await using world = await summing({}, { code });
  const [sequenceNumber = ""] = await world.put({ id: 1 });
  await world.emu.clock.advance(2 * minute);
  const events = (await world.logged("sums", "given")).map(({ json }) => JSON.stringify(JSON.parse(json).given));
  const record =
    `{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"customer","sequenceNumber":"${sequenceNumber}",` +
    `"data":"eyJpZCI6MX0=","approximateArrivalTimestamp":${start / 1000 + 10}},"eventSource":"aws:kinesis","eventVersion":"1.0",` +
    `"eventID":"shardId-000000000000:${sequenceNumber}","eventName":"aws:kinesis:record","invokeIdentityArn":"${role}",` +
    `"awsRegion":"us-east-1","eventSourceARN":"${streamArn}"}`;
  const window = '"window":{"start":"2090-12-09T07:04:00Z","end":"2090-12-09T07:06:00Z"}';
  const place = `"shardId":"shardId-000000000000","eventSourceARN":"${streamArn}"`;
  expect(events).toEqual([
    `{"Records":[${record}],${window},"state":{},${place},"isFinalInvokeForWindow":false,"isWindowTerminatedEarly":false}`,
    `{"Records":[],${window},"state":{"1":282,"2":715},${place},"isFinalInvokeForWindow":true,"isWindowTerminatedEarly":false}`,
  ]);
});

describe("time", () => {
  test("an open window is work: the world sleeps until its end", async () => {
    await using world = await summing();
    await world.put(sale(1, 10));
    expect(await world.emu.idle()).toEqual({
      state: "sleeping",
      nextTimer: {
        label: "end of the tumbling window of shardId-000000000000 of orders for sums",
        inMs: 2 * minute - 10_000,
        at: start + 2 * minute,
      },
    });
  });

  test("a clock that jumps needs no time for it", async () => {
    await using world = await summing();
    await world.emu.clock.auto();
    await world.put(sale(1, 10));
    expect(await world.emu.idle()).toEqual({ state: "idle" });
    expect(await given(world)).toEqual(["07:04 0 [1]", "07:04 10 [] final"]);
  });

  test("windows that are over when they are read are closed one after the other", async () => {
    await using world = await summing({ Enabled: false, BatchSize: 2 });
    await world.put(sale(1, 10), sale(2, 20), sale(3, 30));
    await world.emu.clock.advance(4 * minute);
    await world.put(sale(4, 40));
    await world.update({ Enabled: true });
    expect(await given(world)).toEqual(["07:04 0 [1 2]", "07:04 30 [3]", "07:04 60 [] final", "07:08 0 [4]"]);
  });
});

describe("a response without a state", () => {
  test("is a failed invocation", async () => {
    await using world = await summing({ MaximumRetryAttempts: 1, DestinationConfig: toQueue });
    await world.put(sale(1, 10));
    await world.emu.idle();
    await world.put(sale(2, 20, { say: { batchItemFailures: [] } }));
    await world.emu.clock.advance(1000);
    await world.put(sale(3, 30));
    await world.emu.clock.advance(2 * minute);
    expect(await given(world)).toEqual([
      "07:04 0 [1]",
      "07:04 10 [2]",
      "07:04 10 [2]",
      "07:04 10 [3]",
      "07:04 40 [] final",
    ]);
    expect(await world.events("mapping.batchFailed")).toMatchObject([
      { kind: "missingState", error: "the response has no state" },
      { kind: "missingState" },
    ]);
    const [report = ""] = await world.reports();
    expect(JSON.parse(report)).toMatchObject({
      requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 2 },
      responseContext: { statusCode: 200 },
      KinesisBatchInfo: { batchSize: 1 },
    });
  });

  test("shows in the mapping", async () => {
    await using world = await summing();
    await world.put(sale(1, 10, { say: "done" }));
    await world.emu.idle();
    expect(await world.mapping(world.UUID)).toMatchObject({ LastProcessingResult: "PROBLEM: Function call failed" });
  });
});

describe("failures", () => {
  test("do not change the state, whether the batch is split or its failures are reported", async () => {
    await using world = await summing({
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
    });
    await world.put(sale(1, 10), sale(2, 20, { fail: "throw", times: 1 }), sale(3, 30, { fail: "report", times: 2 }));
    await world.emu.clock.advance(2 * minute);
    expect(await given(world)).toEqual([
      "07:04 0 [1 2 3]",
      "07:04 0 [1 2]",
      "07:04 30 [3]",
      "07:04 30 [3]",
      "07:04 30 [3]",
      "07:04 60 [] final",
    ]);
  });

  test("of the last invocation are tried again, while the records of the next window wait", async () => {
    await using world = await summing();
    await world.put(sale(1, 10, { closings: 2 }));
    await world.emu.idle();
    await world.emu.clock.set(start + 2 * minute);
    await world.put(sale(2, 20));
    await world.emu.clock.advance(1000);
    expect(await given(world)).toEqual([
      "07:04 0 [1]",
      "07:04 10 [] final",
      "07:04 10 [] final",
      "07:04 10 [] final",
      "07:06 0 [2]",
    ]);
    expect((await world.events("mapping.windowRetryScheduled")).map(({ delayMs }) => delayMs)).toEqual([25, 50]);
  });

  test("of the last invocation end when the retries are used up, and then the window is given up", async () => {
    await using world = await summing({ MaximumRetryAttempts: 1, DestinationConfig: toQueue });
    await world.put(sale(1, 10, { closings: 9 }));
    await world.emu.clock.advance(2 * minute);
    await world.put(sale(2, 20));
    expect(await world.emu.idle()).toMatchObject({ state: "sleeping" });
    expect(await given(world)).toEqual(["07:04 0 [1]", "07:04 10 [] final", "07:04 10 [] final", "07:06 0 [2]"]);
    expect(await world.events("mapping.windowDiscarded")).toMatchObject([
      { start, end: start + 2 * minute, condition: "RetryAttemptsExhausted", invokeCount: 2 },
    ]);
    expect(await world.reports()).toEqual([]);
  });
});

test("a state of more than 1 MB ends the window early, and it goes on with a fresh one", async () => {
  await using world = await summing();
  await world.put(sale(1, 10, { padding: 1024 * 1024 }));
  await world.emu.idle();
  await world.put(sale(2, 20));
  await world.emu.clock.advance(2 * minute);
  expect(await given(world)).toEqual(["07:04 0 [1]", "07:04 10 [] early", "07:04 0 [2]", "07:04 20 [] final"]);
  const [terminated] = await world.events("mapping.windowTerminatedEarly");
  expect(terminated?.stateBytes).toBeGreaterThan(1024 * 1024);
});

describe("a mapping that is changed", () => {
  test("goes on with the state when it is enabled again", async () => {
    await using world = await summing();
    await world.put(sale(1, 10));
    await world.emu.idle();
    await world.update({ Enabled: false });
    await world.put(sale(2, 20));
    expect(await world.emu.idle()).toEqual({ state: "idle" });
    await world.update({ Enabled: true });
    await world.emu.clock.advance(2 * minute);
    expect(await given(world)).toEqual(["07:04 0 [1]", "07:04 10 [2]", "07:04 30 [] final"]);
  });

  test("goes on with the state of a window whose end came while it was disabled", async () => {
    await using world = await summing();
    await world.put(sale(1, 10));
    await world.emu.idle();
    await world.update({ Enabled: false });
    await world.emu.clock.advance(10 * minute);
    await world.update({ Enabled: true });
    expect(await given(world)).toEqual(["07:04 0 [1]", "07:04 10 [] final"]);
  });

  test.each([
    ["shorter", 60, "07:04 0 [2]"],
    ["none", 0, "none 0 [2]"],
  ])("closes the open window when the windows become %s", async (_, TumblingWindowInSeconds, next) => {
    await using world = await summing();
    await world.put(sale(1, 10));
    await world.emu.idle();
    await world.update({ TumblingWindowInSeconds });
    expect(await world.mapping(world.UUID)).toMatchObject({ TumblingWindowInSeconds });
    await world.put(sale(2, 20));
    await world.emu.idle();
    expect(await given(world)).toEqual(["07:04 0 [1]", "07:04 10 [] final", next]);
  });
});

test("a shard that is split closes its window, and its children begin afresh", async () => {
  await using world = await summing();
  await world.put(sale(1, 10));
  await world.emu.idle();
  await world.clients.kinesis.send(
    new SplitShardCommand({
      StreamName: "orders",
      ShardToSplit: "shardId-000000000000",
      NewStartingHashKey: (2n ** 127n).toString(),
    }),
  );
  await world.emu.idle();
  await world.put(sale(2, 20));
  await world.emu.clock.advance(2 * minute);
  expect(await given(world)).toEqual(["07:04 0 [1]", "07:04 10 [] final", "07:04 0 [2]", "07:04 20 [] final"]);
});

test("records that a filter holds back are of no window", async () => {
  const FilterCriteria = { Filters: [{ Pattern: JSON.stringify({ data: { id: [1, 3] } }) }] };
  await using world = await summing({ FilterCriteria });
  await world.put(sale(1, 10), sale(2, 20));
  await world.emu.clock.advance(2 * minute);
  await world.put(sale(2, 20));
  await world.emu.clock.advance(2 * minute);
  await world.put(sale(3, 30));
  await world.emu.idle();
  expect(await given(world)).toEqual(["07:04 0 [1]", "07:04 10 [] final", "07:08 0 [3]"]);
});

test("records that are too old are in no sum", async () => {
  await using world = await summing({ MaximumRecordAgeInSeconds: 60 });
  await world.put(sale(1, 10), sale(2, 20, { fail: "throw" }));
  await world.emu.clock.advance(minute);
  await world.put(sale(3, 30));
  await world.emu.clock.advance(minute);
  const last = (await given(world)).slice(-2);
  expect(last).toEqual(["07:04 0 [3]", "07:04 30 [] final"]);
});

test("a bucket gets the whole event of what is given up, with its window", async () => {
  const OnFailure = { Destination: "arn:aws:s3:::failures" };
  await using world = await summing({ BatchSize: 1, MaximumRetryAttempts: 0, DestinationConfig: { OnFailure } });
  const s3 = new S3Client(world.emu.getClientConfig());
  await s3.send(new CreateBucketCommand({ Bucket: "failures" }));
  await world.put(sale(1, 10), sale(2, 20, { fail: "throw" }));
  await world.emu.idle();
  const { Contents: [{ Key = "" } = {}] = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "failures" }));
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "failures", Key }));
  const { payload } = JSON.parse((await Body?.transformToString()) ?? "{}");
  expect(JSON.parse(payload)).toMatchObject({
    Records: [{ eventSource: "aws:kinesis" }],
    window: { start: "2090-12-09T07:04:00Z", end: "2090-12-09T07:06:00Z" },
    state: { sum: 10 },
    shardId: "shardId-000000000000",
    isFinalInvokeForWindow: false,
  });
});

test("parallel batches have windows of their own", async () => {
  await using world = await summing({ ParallelizationFactor: 2 });
  const customers = Array.from({ length: 8 }, (_, id) => sale(id, 1, { customer: `customer-${id}` }));
  await world.put(...customers);
  await world.emu.clock.advance(2 * minute);
  const sums = (await given(world)).filter((line) => line.endsWith("final")).map((line) => Number(line.split(" ")[1]));
  expect(sums).toHaveLength(2);
  expect(sums.reduce((sum, part) => sum + part, 0)).toBe(8);
});

test("the timeline tells of each window", async () => {
  await using world = await summing();
  await world.put(sale(1, 10));
  await world.emu.clock.advance(2 * minute);
  const window = { functionName: "sums", stream: "orders", start, end: start + 2 * minute };
  expect(await world.events("mapping.windowOpened")).toMatchObject([window]);
  expect(await world.events("mapping.windowClosing")).toMatchObject([{ ...window, attempt: 1, early: false }]);
  expect(await world.events("mapping.windowClosed")).toMatchObject([{ ...window, requestId: expect.any(String) }]);
});
