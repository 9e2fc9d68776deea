import {
  DeleteFunctionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import type { LocalEmu } from "@localemu/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import type { Clients } from "../emulator/emulator.ts";
import { createQueue, failingZip, invokeEvent } from "./event-invoke-api.ts";
import { createFunction, lambdaServer } from "./lambda-api.ts";
import { zipOf } from "./zips.ts";

const server = lambdaServer();
let emu: LocalEmu;
let clients: Clients;

beforeEach(async () => {
  emu = await server.current.emu.createWorld();
  clients = clientsOf(emu);
  await emu.clock.freeze();
  await createFunction(clients.lambda, "orders", { Code: { ZipFile: failingZip } });
});

afterEach(() => emu.close());

const invocations = async () => (await emu.function("orders").invocations()).map(({ requestId }) => requestId);
const timeline = async (type: string) => (await emu.timeline()).filter((entry) => entry.type === type);

test("an event is answered at once, and its function runs later", async () => {
  const { StatusCode, Payload, ExecutedVersion, $metadata } = await invokeEvent(clients.lambda, "orders", { n: 1 });
  expect({ StatusCode, payload: Payload?.transformToString(), ExecutedVersion }).toEqual({
    StatusCode: 202,
    payload: undefined,
    ExecutedVersion: undefined,
  });
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  expect(await invocations()).toEqual([$metadata.requestId]);
});

test("a function that fails gets the event three times, with the same request id", async () => {
  const { $metadata } = await invokeEvent(clients.lambda, "orders", { fail: "no" });
  expect(await emu.idle()).toMatchObject({ state: "sleeping" });
  expect(await invocations()).toHaveLength(1);
  await emu.clock.advance(59_999);
  expect(await invocations()).toHaveLength(1);
  await emu.clock.advance(1);
  expect(await invocations()).toHaveLength(2);
  await emu.clock.advance(119_999);
  expect(await invocations()).toHaveLength(2);
  await emu.clock.advance(1);
  expect(await invocations()).toEqual([$metadata.requestId, $metadata.requestId, $metadata.requestId]);
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  expect(await timeline("function.eventRetryScheduled")).toMatchObject([
    { functionName: "orders", reason: "functionError", delayMs: 60_000, error: "TypeError: no" },
    { delayMs: 120_000 },
  ]);
  expect(await timeline("function.eventDropped")).toMatchObject([
    { functionName: "orders", requestId: $metadata.requestId, condition: "RetriesExhausted", error: "TypeError: no" },
  ]);
});

test("on an automatic clock idle waits for the retries", async () => {
  await emu.clock.auto();
  await invokeEvent(clients.lambda, "orders", { fail: "no" });
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  expect(await invocations()).toHaveLength(3);
});

test("a retry runs the code that the function has by then", async () => {
  await invokeEvent(clients.lambda, "orders", { fail: "no" });
  await emu.idle();
  const ZipFile = zipOf({ "index.js": "exports.handler = async () => 'mended';" });
  await clients.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "orders", ZipFile }));
  await emu.clock.advance(60_000);
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  expect((await emu.function("orders").invocations()).map(({ outcome }) => outcome)).toEqual(["error", "success"]);
});

test("an event of a function that is deleted meanwhile is dropped", async () => {
  await invokeEvent(clients.lambda, "orders", { fail: "no" });
  await emu.idle();
  await clients.lambda.send(new DeleteFunctionCommand({ FunctionName: "orders" }));
  await emu.clock.advance(60_000);
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  expect(await timeline("function.eventDropped")).toMatchObject([{ condition: "FunctionMissing" }]);
});

test("a function that reserves no concurrency drops the event at once, and says so without a response", async () => {
  const none = { FunctionName: "orders", ReservedConcurrentExecutions: 0 };
  await clients.lambda.send(new PutFunctionConcurrencyCommand(none));
  const failures = await createQueue(clients.sqs, "failures");
  await clients.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: "orders",
      DestinationConfig: { OnFailure: { Destination: failures.arn } },
    }),
  );
  const { $metadata } = await invokeEvent(clients.lambda, "orders", { n: 1 });
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  const [message] = await failures.receive();
  expect(JSON.parse(message?.Body ?? "")).toEqual({
    version: "1.0",
    timestamp: expect.stringMatching(/Z$/),
    requestContext: {
      requestId: $metadata.requestId,
      functionArn: "arn:aws:lambda:us-east-1:000000000000:function:orders:$LATEST",
      condition: "ZeroReservedConcurrency",
      approximateInvokeCount: 0,
    },
    requestPayload: { n: 1 },
  });
});
