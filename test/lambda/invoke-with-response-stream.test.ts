import { CreateAliasCommand, LambdaClient, PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import type { InvokeWithResponseStreamCommandInput } from "@aws-sdk/client-lambda";
import { EventStreamCodec } from "@smithy/core/event-streams";
import { beforeAll, describe, expect, test } from "vitest";
import { rawRequest } from "../emulator/raw-http.ts";
import { arnOf, awsError, functionNotFound, lambdaServer, uuid } from "./lambda-api.ts";
import { deploy, invokeStream, openGate, streaming, waitAtGate } from "./streaming-api.ts";

const server = lambdaServer();
const path = (name: string) => `/2021-11-15/functions/${name}/response-streaming-invocations`;
const eventStream = "application/vnd.amazon.eventstream";
const payload = (event: object) => Buffer.from(JSON.stringify(event));

beforeAll(async () => {
  const { lambda } = server.current;
  await deploy(lambda, "steps", streaming(`stream.write("one,"); ${waitAtGate} stream.write("two"); stream.end();`), {
    Publish: true,
  });
  await deploy(lambda, "echo", "exports.handler = async (event) => event;");
});

test("each chunk comes while the function still runs", async () => {
  await using gate = await openGate();
  const stream = await invokeStream(server.current.lambda, {
    FunctionName: "steps",
    Payload: payload({ gate: gate.url }),
  });
  expect(stream.executedVersion).toBe("$LATEST");
  expect(stream.contentType).toBe(eventStream);
  expect(await stream.next()).toBe("one,");
  await gate.reached;
  gate.open();
  expect(await stream.rest()).toBe("two");
  expect(stream.completion).toEqual({});
});

test("the frames are AWS's: raw bytes, then one document, and nothing before", async () => {
  await using gate = await openGate();
  gate.open();
  const body = JSON.stringify({ gate: gate.url });
  const reply = await rawRequest(server.current.emu.endpoint, { path: path("steps"), body });
  expect(reply.status).toBe(200);
  expect(reply.headers).toMatchObject({
    "content-type": eventStream,
    "x-amz-executed-version": "$LATEST",
    "x-amzn-requestid": expect.stringMatching(uuid),
    "transfer-encoding": "chunked",
  });
  const frames = framesOf(reply.bytes);
  expect(frames.at(-1)).toEqual({
    headers: { ":message-type": "event", ":event-type": "InvokeComplete", ":content-type": "application/json" },
    body: "{}",
  });
  const chunks = frames.slice(0, -1);
  for (const { headers } of chunks) {
    expect(headers).toEqual({
      ":message-type": "event",
      ":event-type": "PayloadChunk",
      ":content-type": "application/octet-stream",
    });
  }
  expect(chunks.map((frame) => frame.body).join("")).toBe("one,two");
});

test("a buffered function's answer is one chunk", async () => {
  const stream = await invokeStream(server.current.lambda, { FunctionName: "echo", Payload: payload({ a: 1 }) });
  expect(await stream.next()).toBe('{"a":1}');
  expect(await stream.next()).toBeUndefined();
  expect(stream.completion).toEqual({});
});

test("the log's tail comes last, and only if asked for", async () => {
  await deploy(server.current.lambda, "talks", streaming(`console.log("hello"); stream.end("x");`));
  const stream = await invokeStream(server.current.lambda, { FunctionName: "talks", LogType: "Tail" });
  expect(await stream.rest()).toBe("x");
  const tail = Buffer.from(stream.completion?.LogResult ?? "", "base64").toString();
  expect(tail).toContain("\tINFO\thello\n");
  expect(tail).toContain("REPORT RequestId: ");
});

test("a version and an alias are told by the version that runs", async () => {
  const { lambda } = server.current;
  await lambda.send(new CreateAliasCommand({ FunctionName: "steps", Name: "live", FunctionVersion: "1" }));
  await using gate = await openGate();
  gate.open();
  for (const Qualifier of ["1", "live"]) {
    const Payload = payload({ gate: gate.url });
    const stream = await invokeStream(lambda, { FunctionName: "steps", Qualifier, Payload });
    expect(stream.executedVersion).toBe("1");
    expect(await stream.rest()).toBe("one,two");
  }
});

test("a dry run is answered with 204 and nothing else", async () => {
  const headers = { "x-amz-invocation-type": "DryRun" };
  const reply = await rawRequest(server.current.emu.endpoint, { path: path("steps"), headers, body: "{}" });
  expect(reply).toMatchObject({ status: 204, body: "" });
});

describe("a function's error completes the stream", () => {
  test.each<[what: string, source: string, sent: string, details: object]>([
    [
      "of a buffered handler",
      `exports.handler = async () => { throw new TypeError("no"); };`,
      "",
      { errorType: "TypeError", errorMessage: "no" },
    ],
    [
      "before the first byte",
      streaming(`throw new TypeError("no");`),
      "",
      { errorType: "TypeError", errorMessage: "no" },
    ],
    [
      "after some bytes",
      streaming(`stream.write("some"); throw new TypeError("no");`),
      "some",
      { errorType: "TypeError", errorMessage: "no" },
    ],
    [
      "out of time",
      streaming(`stream.write("some"); await new Promise(() => setInterval(() => {}, 1e6));`),
      "some",
      { errorType: "Sandbox.Timedout", errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/) },
    ],
    [
      "a process that ends",
      streaming(`stream.write("some", () => process.exit(3)); await new Promise(() => {});`),
      "some",
      { errorType: expect.stringMatching(/^Runtime\.(ExitError|TruncatedResponse)$/) },
    ],
    ["at its load", `throw new Error("at load");`, "", { errorType: "Error", errorMessage: "at load" }],
  ])("%s", async (what, source, sent, details) => {
    const { lambda } = server.current;
    const name = what.replaceAll(/\W/g, "-");
    await deploy(lambda, name, source, { Timeout: 1 });
    // In a cold environment, and in one that has seen it.
    for (let round = 0; round < 2; round++) {
      const stream = await invokeStream(lambda, name);
      expect(await stream.rest()).toBe(sent);
      expect(stream.completion?.ErrorCode).toBe("Unhandled");
      expect(JSON.parse(stream.completion?.ErrorDetails ?? "")).toMatchObject(details);
    }
  });
});

describe("refused before anything is streamed, as Invoke is", () => {
  test.each<[string, InvokeWithResponseStreamCommandInput, object]>([
    ["a missing function", { FunctionName: "nobody" }, functionNotFound(`${arnOf("nobody")}:$LATEST`)],
    ["a missing version", { FunctionName: "echo", Qualifier: "3" }, functionNotFound(`${arnOf("echo")}:3`)],
    [
      "what is no JSON",
      { FunctionName: "echo", Payload: Buffer.from("hello") },
      awsError("InvalidRequestContentException", expect.stringContaining("Unrecognized token 'hello'")),
    ],
    [
      "more than 6 MB",
      { FunctionName: "echo", Payload: Buffer.from(`"${"x".repeat(6_291_455)}"`) },
      awsError("RequestTooLargeException", expect.stringContaining("6291456 bytes"), 413),
    ],
    [
      "a tenant",
      { FunctionName: "echo", TenantId: "t" },
      awsError("InvalidParameterValueException", "LocalEmu does not offer tenants (TenantId)."),
    ],
  ])("%s", async (_, input, error) => {
    await expect(invokeStream(server.current.lambda, input)).rejects.toMatchObject(error);
  });

  test("too many at once", async () => {
    const { emu, lambda } = server.current;
    await deploy(lambda, "stopped", streaming("stream.end();"));
    const reserve = { FunctionName: "stopped", ReservedConcurrentExecutions: 0 };
    await lambda.send(new PutFunctionConcurrencyCommand(reserve));
    const impatient = new LambdaClient({ ...emu.getClientConfig(), maxAttempts: 1 });
    await expect(invokeStream(impatient, "stopped")).rejects.toMatchObject({
      ...awsError("TooManyRequestsException", "Rate Exceeded.", 429),
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
    });
    impatient.destroy();
  });
});

function framesOf(bytes: Buffer): { readonly headers: Record<string, unknown>; readonly body: string }[] {
  const codec = new EventStreamCodec(
    (text) => Buffer.from(text).toString(),
    (text) => Buffer.from(text),
  );
  const frames = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const { headers, body } = codec.decode(bytes.subarray(at, at + length));
    const values = Object.entries(headers).map(([name, { value }]) => [name, value]);
    frames.push({ headers: Object.fromEntries(values), body: Buffer.from(body).toString() });
    at += length;
  }
  return frames;
}
