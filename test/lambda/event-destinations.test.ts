import {
  CreateAliasCommand,
  PublishVersionCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import type { DestinationConfig } from "@aws-sdk/client-lambda";
import type { LocalEmu } from "@localemu/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import type { Clients } from "../emulator/emulator.ts";
import { createQueue, failingZip, invokeEvent } from "./event-invoke-api.ts";
import { failingFunctions } from "./failing-functions.ts";
import { arnOf, createFunction, lambdaServer } from "./lambda-api.ts";
import { zipOf } from "./zips.ts";

const server = lambdaServer();
let emu: LocalEmu;
let clients: Clients;

beforeEach(async () => {
  emu = await server.current.emu.createWorld();
  clients = clientsOf(emu);
  await emu.clock.freeze(Date.UTC(2100, 6, 1, 9, 30, 15, 250));
  await createFunction(clients.lambda, "orders", { Code: { ZipFile: failingZip } });
});

afterEach(() => emu.close());

/** With the function's own place in the chain, see `recursive-loops.test.ts`. */
const traceHeader = /^Root=1-[\da-f]{8}-[\da-f]{24};Sampled=0;Lineage=1:[\da-f]{8}:0$/;

const configure = (DestinationConfig: DestinationConfig, Qualifier?: string, FunctionName = "orders") =>
  clients.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName,
      Qualifier,
      MaximumRetryAttempts: 0,
      DestinationConfig,
    }),
  );
const timeline = async (type: string) => (await emu.timeline()).filter((entry) => entry.type === type);

test("a queue is told of a success, in the words of AWS, and numbers keep their digits", async () => {
  const successes = await createQueue(clients.sqs, "successes");
  await configure({ OnSuccess: { Destination: successes.arn } });
  const { $metadata } = await invokeEvent(clients.lambda, "orders", '{"n":12345678901234567890.10}');
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  const [message] = await successes.receive();
  const arn = arnOf("orders");
  expect(message?.Body).toBe(
    `{"version":"1.0","timestamp":"2100-07-01T09:30:15.250Z","requestContext":{"requestId":"${$metadata.requestId}",` +
      `"functionArn":"${arn}:$LATEST","condition":"Success","approximateInvokeCount":1},` +
      `"requestPayload":{"n":12345678901234567890.10},"responseContext":{"statusCode":200,"executedVersion":"$LATEST"},` +
      `"responsePayload":{"seen":{"n":12345678901234567000}}}`,
  );
  // AWS: what a destination gets is part of the trace.
  expect(message?.Attributes).toEqual({ AWSTraceHeader: expect.stringMatching(traceHeader) });
  expect(await timeline("function.eventReported")).toMatchObject([
    { functionName: "orders", requestId: $metadata.requestId, condition: "Success", destination: successes.arn },
  ]);
});

test("an event that fails goes to the dead-letter queue, and its failure to the destination", async () => {
  const [dead, failures] = [await createQueue(clients.sqs, "dead"), await createQueue(clients.sqs, "failures")];
  await clients.lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: "orders", DeadLetterConfig: { TargetArn: dead.arn } }),
  );
  await configure({ OnFailure: { Destination: failures.arn } });
  const { $metadata } = await invokeEvent(clients.lambda, "orders", { fail: "é".repeat(600) });
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  const [letter] = await dead.receive();
  expect(JSON.parse(letter?.Body ?? "")).toEqual({ fail: "é".repeat(600) });
  expect(letter?.Attributes).toEqual({ AWSTraceHeader: expect.stringMatching(traceHeader) });
  expect(letter?.MessageAttributes).toEqual({
    RequestID: { DataType: "String", StringValue: $metadata.requestId },
    ErrorCode: { DataType: "Number", StringValue: "200" },
    ErrorMessage: { DataType: "String", StringValue: "é".repeat(512) },
  });
  const [failure] = await failures.receive();
  expect(JSON.parse(failure?.Body ?? "")).toEqual({
    version: "1.0",
    timestamp: "2100-07-01T09:30:15.250Z",
    requestContext: {
      requestId: $metadata.requestId,
      functionArn: `${arnOf("orders")}:$LATEST`,
      condition: "RetriesExhausted",
      approximateInvokeCount: 1,
    },
    requestPayload: { fail: "é".repeat(600) },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: expect.objectContaining({ errorType: "TypeError", errorMessage: "é".repeat(600) }),
  });
});

test("events survive what calls survive: each failure is told as its caller would be", async () => {
  const failures = await createQueue(clients.sqs, "failures");
  const expected = new Map<string, object>();
  for (const [name, source, responsePayload] of failingFunctions) {
    await createFunction(clients.lambda, name, { Code: { ZipFile: zipOf({ "index.js": source }) }, Timeout: 1 });
    await configure({ OnFailure: { Destination: failures.arn } }, undefined, name);
    const { $metadata } = await invokeEvent(clients.lambda, name, {});
    const functionArn = `${arnOf(name)}:$LATEST`;
    expected.set(functionArn, {
      requestContext: {
        requestId: $metadata.requestId,
        functionArn,
        condition: "RetriesExhausted",
        approximateInvokeCount: 1,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      responsePayload,
    });
  }
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  const documents = (await failures.receive()).map(({ Body = "" }) => JSON.parse(Body));
  const inOrder = documents.toSorted((a, b) => (a.requestContext.functionArn < b.requestContext.functionArn ? -1 : 1));
  expect(inOrder).toMatchObject([...expected].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, document]) => document));
});

test("a bucket has an object of each failure", async () => {
  const bucket = await emu.createBucket("failures");
  await configure({ OnFailure: { Destination: "arn:aws:s3:::failures" } });
  await invokeEvent(clients.lambda, "orders", { fail: "no" });
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  const [object] = await bucket.objects();
  expect(object?.key).toMatch(/^aws\/lambda\/async\/orders\/2100\/07\/01\/2100-07-01T09\.30\.15-[\da-f-]{36}$/);
  expect(object).toMatchObject({ data: { requestContext: { condition: "RetriesExhausted" } } });
});

test("a topic is told, as destination and as dead-letter topic", async () => {
  const [results, dead] = [await emu.createTopic("results"), await emu.createTopic("dead")];
  await clients.lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: "orders", DeadLetterConfig: { TargetArn: dead.arn } }),
  );
  await configure({ OnSuccess: { Destination: results.arn } });
  await invokeEvent(clients.lambda, "orders", { n: 1 });
  const { $metadata } = await invokeEvent(clients.lambda, "orders", { fail: "no" });
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  expect(await results.messages()).toMatchObject([{ data: { requestContext: { condition: "Success" } } }]);
  expect(await dead.messages()).toMatchObject([
    {
      data: { fail: "no" },
      attributes: {
        RequestID: { type: "String", value: $metadata.requestId },
        ErrorCode: { type: "Number", value: "200" },
        ErrorMessage: { type: "String", value: "no" },
      },
    },
  ]);
});

test("a function gets the document as its event", async () => {
  await createFunction(clients.lambda, "after");
  await configure({ OnSuccess: { Destination: arnOf("after") } });
  await invokeEvent(clients.lambda, "orders", { n: 1 });
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  expect(await emu.function("after").invocations()).toMatchObject([
    { source: "destination of orders", event: { requestPayload: { n: 1 }, responsePayload: { seen: { n: 1 } } } },
  ]);
});

test("each alias has destinations of its own", async () => {
  const successes = await createQueue(clients.sqs, "successes");
  await clients.lambda.send(new PublishVersionCommand({ FunctionName: "orders" }));
  await clients.lambda.send(new CreateAliasCommand({ FunctionName: "orders", Name: "live", FunctionVersion: "1" }));
  await configure({ OnSuccess: { Destination: successes.arn } }, "live");
  await invokeEvent(clients.lambda, "orders", { n: 1 });
  await invokeEvent(clients.lambda, "orders", { n: 2 }, "live");
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  const messages = await successes.receive();
  expect(messages.map(({ Body = "" }) => JSON.parse(Body))).toMatchObject([
    {
      requestContext: { functionArn: `${arnOf("orders")}:live` },
      requestPayload: { n: 2 },
      responseContext: { executedVersion: "1" },
    },
  ]);
});

test.each([
  ["sqs:SendMessage", "arn:aws:sqs:us-east-1:000000000000:failures", () => emu.createQueue("failures")],
  ["sns:Publish", "arn:aws:sns:us-east-1:000000000000:failures", () => emu.createTopic("failures")],
  ["s3:PutObject", "arn:aws:s3:::failures", () => emu.createBucket("failures")],
])("a report meets the faults of %s", async (operation, Destination, create) => {
  await create();
  await configure({ OnFailure: { Destination } });
  await emu.faults.add({ operation, error: "Throttling", caller: "event", latencyMs: 5000, times: 1 });
  await invokeEvent(clients.lambda, "orders", { fail: "first" });
  expect(await emu.idle()).toMatchObject({ state: "sleeping" });
  await emu.clock.advance(5000);
  await invokeEvent(clients.lambda, "orders", { fail: "second" });
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  expect(await timeline("function.eventReportFailed")).toMatchObject([
    { destination: Destination, error: expect.stringContaining("Throttling: injected by LocalEmu") },
  ]);
  expect(await timeline("function.eventReported")).toMatchObject([{ destination: Destination }]);
});

test("a fault of dead-letter target and destination at once keeps neither from its time", async () => {
  const [dead, failures] = [await createQueue(clients.sqs, "dead"), await createQueue(clients.sqs, "failures")];
  await clients.lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: "orders", DeadLetterConfig: { TargetArn: dead.arn } }),
  );
  await configure({ OnFailure: { Destination: failures.arn } });
  await emu.faults.add({ operation: "sqs:SendMessage", caller: "event", latencyMs: 1000 });
  await invokeEvent(clients.lambda, "orders", { fail: "no" });
  expect(await emu.idle()).toMatchObject({ state: "sleeping" });
  await emu.clock.advance(2000);
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  expect([await dead.receive(), await failures.receive()]).toMatchObject([[{}], [{}]]);
});

test("a destination that is not there is told of on the timeline", async () => {
  const Destination = "arn:aws:sqs:us-east-1:000000000000:nowhere";
  await configure({ OnSuccess: { Destination } });
  await invokeEvent(clients.lambda, "orders", { n: 1 });
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  expect(await timeline("function.eventReportFailed")).toMatchObject([
    { functionName: "orders", destination: Destination, error: expect.stringContaining("does not exist") },
  ]);
});
