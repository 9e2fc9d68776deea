import { CreateStreamCommand } from "@aws-sdk/client-kinesis";
import { CreateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import type { LocalEmu } from "@localemu/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { callControl, controlError } from "./control-calls.ts";
import { clientsOf, startTestEmulator } from "./emulator.ts";
import type { Clients, TestEmulator } from "./emulator.ts";
import { createFunction, processFunction } from "./functions.ts";
import { Http2Calls } from "./http2-calls.ts";

let emulator: TestEmulator;
let endpoint: string;
let world: LocalEmu;
let clients: Clients;

beforeAll(async () => {
  emulator = await startTestEmulator();
  ({ endpoint } = emulator.emu);
});

afterAll(() => emulator[Symbol.asyncDispose]());

beforeEach(async () => {
  world = await emulator.emu.createWorld();
  clients = clientsOf(world);
  return () => world.close();
});

test("health", async () => {
  expect(await callControl(endpoint, "GET health/live")).toEqual({ status: 200, body: { status: "live" } });
  expect(await callControl(endpoint, "GET health/ready")).toEqual({ status: 200, body: { status: "ready" } });
  const about = { version: expect.stringMatching(/^\d/), uptimeMs: expect.any(Number) };
  expect(await callControl(endpoint, "GET health")).toEqual({ status: 200, body: { status: "ready", ...about } });
  expect(await callControl(world.endpoint, "GET health/live")).toMatchObject({ status: 200 });
});

test("health as scripts for LocalStack ask for it", async () => {
  const response = await fetch(`${endpoint}/_localstack/health`);
  const text = await response.text();
  expect(response.status).toBe(200);
  expect(text).toContain('"kinesis": "running"');
  const { services, version } = JSON.parse(text);
  expect(Object.keys(services)).toEqual(["iam", "kinesis", "lambda", "logs", "dynamodb", "sts", "sqs", "sns", "s3"]);
  expect(version).toBe((await world.control.info()).version);
});

test("info", async () => {
  expect(await world.control.info()).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    region: "us-east-1",
    accountId: "000000000000",
    world: world.world,
    credentials: {
      accessKeyId: expect.stringMatching(/^LEMU/),
      secretAccessKey: expect.stringMatching(/^[0-9a-f]{40}$/),
    },
    endpoint: `${endpoint}/_world/${world.world}`,
  });
});

describe("what is no request", () => {
  test.each([
    ["GET nothing", 404, "NotFound", "the control API has no /_localemu/nothing"],
    ["GET healthy", 404, "NotFound", "the control API has no /_localemu/healthy"],
    ["GET info/", 404, "NotFound", "the control API has no /_localemu/info/"],
    ["POST info", 405, "MethodNotAllowed", "/_localemu/info takes GET, not POST"],
    ["DELETE worlds", 405, "MethodNotAllowed", "/_localemu/worlds takes GET, POST, not DELETE"],
    ["GET idle", 405, "MethodNotAllowed", "/_localemu/idle takes POST, not GET"],
  ])("%s", async (request, status, code, message) => {
    expect(await callControl(endpoint, request)).toEqual(controlError(status, code, message));
  });

  test.each([
    ["POST worlds", "{", /^the body is no JSON: /],
    ["POST worlds", "[]", "the body must be a JSON object"],
    ["POST worlds", "null", "the body must be a JSON object"],
    ["POST worlds", '{"name":1}', "name must be a string, not 1"],
    ["POST worlds", '{"lease":"yes"}', 'lease must be true or false, not "yes"'],
    ["POST idle", '{"timeoutMs":"1"}', 'timeoutMs must be a number, not "1"'],
    ["POST idle", '{"timeoutMs":-1}', "timeoutMs must not be negative"],
    ["POST clock", "{}", "action must be freeze, set, advance, resume or auto, not null"],
    ["POST clock", '{"action":"stop"}', 'action must be freeze, set, advance, resume or auto, not "stop"'],
    ["POST clock", '{"action":"set"}', "to is missing"],
    ["POST clock", '{"action":"advance"}', "ms is missing"],
    ["POST clock", '{"action":"advance","ms":-1}', "ms must not be less than 0: world time never goes back"],
    ["POST clock", '{"action":"set","to":1}', /^to must not be less than \d+: world time never goes back$/],
    ["POST clock", '{"action":"freeze","at":1}', /^at must not be less than \d+: world time never goes back$/],
    ["POST clock", '{"action":"advance","ms":0.5}', "ms must be an integer, not 0.5: world time counts milliseconds"],
    ["POST clock", '{"action":"advance","ms":8.64e15}', /^ms must not be more than \d+: dates end there$/],
    [
      "POST clock",
      '{"action":"set","to":8640000000000001}',
      "to must not be more than 8640000000000000: dates end there",
    ],
    ["GET timeline?after=x", undefined, 'after must be a number, not "x"'],
    ["GET timeline?limit=-1", undefined, 'limit must be a number, not "-1"'],
  ])("%s with %s changes nothing", async (request, body, message) => {
    const { status, body: answer } = await callControl(world.endpoint, request, body);
    expect({ status, body: answer }).toEqual(controlError(400, "BadRequest", expect.stringMatching(message)));
    expect(await world.clock.read()).toMatchObject({ mode: "running" });
    expect(await world.timeline()).toEqual([]);
  });
});

describe("time", () => {
  test("stands still, is set, advances, goes on", async () => {
    const { now } = await world.clock.freeze();
    expect(await world.clock.read()).toEqual({ mode: "frozen", now });
    expect(await world.clock.set(now + 5000)).toEqual({ mode: "frozen", now: now + 5000 });
    expect(await world.clock.advance(1500)).toEqual({ mode: "frozen", now: now + 6500 });
    expect(await world.clock.freeze(now + 10_000)).toEqual({ mode: "frozen", now: now + 10_000 });
    const resumed = await world.clock.resume();
    expect(resumed.mode).toBe("running");
    expect(resumed.now).toBeGreaterThanOrEqual(now + 10_000);
    expect((await world.clock.auto()).mode).toBe("auto");
    const changes = (await world.timeline()).filter(({ type }) => type === "clock.changed");
    expect(changes).toHaveLength(6);
  });

  test("is changed by one request after the other", async () => {
    const { now } = await world.clock.freeze();
    const [first, second, resumed] = await Promise.all([
      world.clock.advance(1000),
      world.clock.advance(2000),
      world.clock.resume(),
    ]);
    // Requests may arrive in any order; what was advanced adds up all the same.
    expect(Math.max(first.now, second.now)).toBeGreaterThanOrEqual(now + 3000);
    expect(resumed.mode).toBe("running");
    expect((await world.clock.read()).mode).toBe("running");
  });

  test("may be moved while it runs, and runs on", async () => {
    const { now } = await world.clock.read();
    const moved = await world.clock.advance(3_600_000);
    expect(moved.mode).toBe("running");
    expect(moved.now).toBeGreaterThanOrEqual(now + 3_600_000);
  });

  test("freezes at a time to come", async () => {
    const { now } = await world.clock.read();
    expect(await world.clock.freeze(now + 86_400_000)).toEqual({ mode: "frozen", now: now + 86_400_000 });
  });
});

describe("idle", () => {
  /** A mapping with a record that waits for its window's end. */
  async function openWindow(MaximumBatchingWindowInSeconds: number): Promise<void> {
    await clients.kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
    await createFunction(clients.lambda, "f", processFunction);
    await clients.lambda.send(
      new CreateEventSourceMappingCommand({
        EventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
        FunctionName: "f",
        StartingPosition: "TRIM_HORIZON",
        MaximumBatchingWindowInSeconds,
      }),
    );
    await world.stream("orders").put("record", { partitionKey: "k" });
  }

  test("is a world in which nothing can happen", async () => {
    expect(await world.control.idle()).toEqual({ state: "idle" });
  });

  test("a parked request is no activity", async () => {
    const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: "q" }));
    using session = new Http2Calls(new URL(endpoint).origin);
    const caller = { path: new URL(world.endpoint).pathname, accessKeyId: "test" };
    const poll = session.call(caller, "sqs", "AmazonSQS.ReceiveMessage", { QueueUrl, WaitTimeSeconds: 20 });
    await session.arrived();
    expect(await world.control.idle()).toEqual({ state: "idle" });
    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
    expect(JSON.parse(await poll)).toMatchObject({ Messages: [{ Body: "hello" }] });
  });

  test("a frozen world with a timer sleeps", async () => {
    const { now } = await world.clock.freeze();
    await openWindow(5);
    expect(await world.control.idle()).toEqual({
      state: "sleeping",
      nextTimer: { label: expect.any(String), at: now + 5000, inMs: 5000 },
    });
    await world.clock.advance(5000);
    expect(await world.control.idle()).toEqual({ state: "idle" });
  });

  test("a world with automatic time jumps to its timers while somebody waits", async () => {
    const { now } = await world.clock.auto();
    await openWindow(300);
    expect(await world.control.idle()).toEqual({ state: "idle" });
    expect((await world.clock.read()).now).toBe(now + 300_000);
  });

  test("a world that works on when the time-out has passed is busy, and says with what", async () => {
    await createFunction(clients.lambda, "f", processFunction);
    const follower = world.control.followTimeline();
    // The rejection is handled at once: it comes with the reset.
    const [call] = [world.control.call("lambda", "Invoke", { FunctionName: "f", Payload: btoa('{"hang":true}') })].map(
      (called) => expect(called).rejects.toMatchObject({ status: 500 }),
    );
    for await (const { type } of follower) if (type === "function.invoked") break;
    expect(await world.control.idle({ timeoutMs: 1 })).toEqual({
      state: "busy",
      busy: expect.arrayContaining([{ label: "lambda:Invoke", count: 1 }]),
    });
    await world.reset();
    await call;
  });
});

describe("peek", () => {
  test("a stream", async () => {
    await clients.kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 2 }));
    const put = await world.stream("orders").put('{"id":1}', { partitionKey: "k" });
    const { shards, ...stream } = await world.control.peek.stream("orders");
    expect(stream).toEqual({
      streamName: "orders",
      streamArn: "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
      status: "ACTIVE",
    });
    expect(shards).toHaveLength(2);
    expect(shards.flatMap(({ records }) => records)).toEqual([
      {
        sequenceNumber: put.sequenceNumber,
        partitionKey: "k",
        approximateArrival: expect.any(Number),
        data: btoa('{"id":1}'),
      },
    ]);
    await expect(world.control.peek.stream("orders", { region: "eu-west-1" })).rejects.toMatchObject({
      status: 404,
      message: "there is no stream orders in eu-west-1",
    });
  });

  test("a queue, before anybody used one and after", async () => {
    const missing = { status: 404, code: "NotFound", message: "there is no queue q in us-east-1" };
    await expect(world.control.peek.queue("q")).rejects.toMatchObject(missing);
    const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: "q" }));
    await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
    const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const message = { messageId: Messages[0]?.MessageId, body: "hello", receiveCount: 1 };
    expect(await world.control.peek.queue("q")).toEqual({
      queueName: "q",
      messages: [{ ...message, state: "inFlight" }],
    });
    const ReceiptHandle = Messages[0]?.ReceiptHandle;
    await clients.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    expect(await world.control.peek.queue("q")).toMatchObject({ messages: [{ ...message, state: "visible" }] });
  });

  test("event source mappings", async () => {
    expect(await world.control.peek.mappings()).toEqual([]);
    await clients.kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
    await createFunction(clients.lambda, "f", processFunction);
    const { UUID = "" } = await clients.lambda.send(
      new CreateEventSourceMappingCommand({
        EventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
        FunctionName: "f",
        StartingPosition: "TRIM_HORIZON",
      }),
    );
    await world.idle();
    const mapping = {
      uuid: UUID,
      functionName: "f",
      eventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
      state: "Enabled",
      lastProcessingResult: "No records processed",
      shards: [{ shardId: "shardId-000000000000", checkpoint: "TRIM_HORIZON", unfinished: 0 }],
    };
    expect(await world.control.peek.mappings()).toEqual([mapping]);
    expect(await world.control.peek.mapping(UUID)).toEqual(mapping);
    await expect(world.control.peek.mapping("gone")).rejects.toMatchObject({
      status: 404,
      message: "there is no event source mapping gone",
    });
  });
});
