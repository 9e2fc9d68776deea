import { InvokeCommand } from "@aws-sdk/client-lambda";
import type { CreateFunctionCommandInput, InvokeCommandInput } from "@aws-sdk/client-lambda";
import { beforeAll, describe, expect, test } from "vitest";
import { failingFunctions } from "./failing-functions.ts";
import {
  addressesOf,
  arnOf,
  awsError,
  call,
  createFunction,
  functionNotFound,
  lambdaServer,
  uuid,
} from "./lambda-api.ts";
import { zipOf } from "./zips.ts";

const server = lambdaServer();
const path = (name: string) => `/2015-03-31/functions/${name}/invocations`;

async function invoke(input: InvokeCommandInput) {
  const { Payload, ...answer } = await server.current.lambda.send(new InvokeCommand(input));
  return { ...answer, payload: Payload?.transformToString() ?? "" };
}

async function create(name: string, source: string, change: Partial<CreateFunctionCommandInput> = {}) {
  await createFunction(server.current.lambda, name, { Code: { ZipFile: zipOf({ "index.js": source }) }, ...change });
}

beforeAll(() =>
  create(
    "echo",
    `exports.handler = async (event, context) => {
      console.log("got", JSON.stringify(event));
      return { event, arn: context.invokedFunctionArn, id: context.awsRequestId, client: context.clientContext };
    };`,
  ),
);

test("the reply is the function's, with AWS's headers", async () => {
  const reply = await call(server.current.emu, "POST", path("echo"), '{"a":1}');
  expect(reply.status).toBe(200);
  const id = reply.headers.get("x-amzn-requestid");
  expect(id).toMatch(uuid);
  expect(JSON.parse(reply.text)).toEqual({ event: { a: 1 }, arn: arnOf("echo"), id });
  expect(reply.headers.get("content-type")).toBe("application/json");
  expect(reply.headers.get("x-amz-executed-version")).toBe("$LATEST");
  expect(reply.headers.has("x-amz-function-error")).toBe(false);
  expect(reply.headers.has("x-amz-log-result")).toBe(false);
});

describe("the trace of an invocation", () => {
  const source = "exports.handler = async () => process.env._X_AMZN_TRACE_ID;";

  beforeAll(async () => {
    await create("traced", source);
    await create("active", source, { TracingConfig: { Mode: "Active" } });
  });

  const trace = async (name: string, given?: string) => {
    const { emu } = server.current;
    const headers = given === undefined ? {} : { "x-amzn-trace-id": given };
    const reply = await fetch(emu.endpoint + path(name), { method: "POST", headers });
    return { seen: String(await reply.json()), told: reply.headers.get("x-amzn-trace-id") };
  };

  test("is the caller's, below a segment of the function's own, and the reply tells it", async () => {
    const { seen, told } = await trace(
      "traced",
      "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1",
    );
    expect(seen).toMatch(
      /^Root=1-5759e988-bd862e3fe1be46a994272793;Parent=(?!53995c3f42cd8ad8)[0-9a-f]{16};Sampled=1;Lineage=1:[0-9a-f]{8}:0$/,
    );
    expect(told).toMatch(/^Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1;Lineage=1:[0-9a-f]{8}:0$/);
  });

  test.each([
    ["traced", "0"],
    ["active", "1"],
  ])("begins with it where the caller has none: %s, sampled %s", async (name, sampled) => {
    const { seen, told } = await trace(name);
    const [, root] = /^Root=(1-[0-9a-f]{8}-[0-9a-f]{24});Parent=[0-9a-f]{16};Sampled=(?:0|1);/.exec(seen) ?? [];
    expect(seen).toMatch(new RegExp(`;Sampled=${sampled};Lineage=1:[0-9a-f]{8}:0$`));
    expect(told).toMatch(new RegExp(`^Root=${root};Sampled=${sampled};Lineage=1:[0-9a-f]{8}:0$`));
  });

  test("is in the log of one that is sampled, after its report", async () => {
    const { LogResult = "" } = await invoke({ FunctionName: "active", LogType: "Tail" });
    expect(Buffer.from(LogResult, "base64").toString()).toMatch(
      /REPORT RequestId: .*\nXRAY TraceId: 1-[0-9a-f]{8}-[0-9a-f]{24}\tSegmentId: [0-9a-f]{16}\tSampled: true\t\n$/,
    );
    const { LogResult: other = "" } = await invoke({ FunctionName: "traced", LogType: "Tail" });
    expect(Buffer.from(other, "base64").toString()).not.toContain("XRAY");
  });
});

test("a body that is empty is an empty object to the function, and nothing returned is null", async () => {
  expect(JSON.parse((await invoke({ FunctionName: "echo" })).payload)).toMatchObject({ event: {} });
  await create("silent", "exports.handler = async () => {};");
  expect(await invoke({ FunctionName: "silent" })).toMatchObject({ StatusCode: 200, payload: "null" });
});

test("a function is addressed by name and ARN, and sees the form that was used", async () => {
  for (const FunctionName of addressesOf("echo")) {
    expect(JSON.parse((await invoke({ FunctionName })).payload).arn).toBe(arnOf("echo"));
    const qualified = await invoke({ FunctionName, Qualifier: "$LATEST" });
    expect(JSON.parse(qualified.payload).arn).toBe(`${arnOf("echo")}:$LATEST`);
    expect(qualified.ExecutedVersion).toBe("$LATEST");
  }
});

test("the log's tail and the client's context go along", async () => {
  const ClientContext = Buffer.from('{"custom":{"a":"b"}}').toString("base64");
  const { LogResult = "", payload } = await invoke({ FunctionName: "echo", LogType: "Tail", ClientContext });
  const { id, client } = JSON.parse(payload);
  expect(client).toEqual({ custom: { a: "b" } });
  const tail = Buffer.from(LogResult, "base64").toString();
  expect(tail).toMatch(new RegExp(`^START RequestId: ${id} Version: \\$LATEST\\n`));
  expect(tail).toContain("\tINFO\tgot {}\n");
  expect(tail).toContain(`END RequestId: ${id}\nREPORT RequestId: ${id}\tDuration: `);
});

describe("an event that nobody waits for", () => {
  test("is answered at once with 202 and nothing else, and runs then", async () => {
    const { emu } = server.current;
    await create("later", `exports.handler = async (event) => console.log("handled " + event.id);`);
    const reply = await fetch(emu.endpoint + path("later"), {
      method: "POST",
      headers: { "x-amz-invocation-type": "Event" },
      body: '{"id":7}',
    });
    expect(reply.status).toBe(202);
    expect(await reply.text()).toBe("");
    expect(reply.headers.has("x-amz-executed-version")).toBe(false);
    await emu.idle();
    const timeline = await emu.timeline();
    expect(timeline.at(-1)).toMatchObject({
      type: "function.returned",
      functionName: "later",
      requestId: reply.headers.get("x-amzn-requestid"),
    });
  });

  test("of a function that does not exist is refused at once", async () => {
    await expect(invoke({ FunctionName: "nobody", InvocationType: "Event" })).rejects.toMatchObject(
      functionNotFound(`${arnOf("nobody")}:$LATEST`),
    );
  });
});

test("a dry run is answered with 204 and runs nothing", async () => {
  const { emu } = server.current;
  const before = (await emu.timeline()).length;
  expect(await invoke({ FunctionName: "echo", InvocationType: "DryRun" })).toMatchObject({
    StatusCode: 204,
    payload: "",
  });
  expect(await emu.timeline()).toHaveLength(before);
});

describe("a function error has status 200 and says Unhandled", () => {
  test.each(failingFunctions)("%s", async (name, source, expected) => {
    await create(name, source, { Timeout: 1 });
    const answer = await invoke({ FunctionName: name });
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled", ExecutedVersion: "$LATEST" });
    expect(JSON.parse(answer.payload)).toMatchObject(expected);
  });
});

describe("refused", () => {
  test.each<[string, InvokeCommandInput, object]>([
    ["a missing function", { FunctionName: "nobody" }, functionNotFound(`${arnOf("nobody")}:$LATEST`)],
    ["a missing version", { FunctionName: "echo", Qualifier: "3" }, functionNotFound(`${arnOf("echo")}:3`)],
    ["a missing alias", { FunctionName: "echo:live" }, functionNotFound(`${arnOf("echo")}:live`)],
    [
      "two qualifiers",
      { FunctionName: "echo:live", Qualifier: "$LATEST" },
      awsError(
        "InvalidParameterValueException",
        "The derived qualifier from the function name does not match the specified qualifier.",
      ),
    ],
    [
      "what is no JSON",
      { FunctionName: "echo", Payload: Buffer.from("hello") },
      awsError(
        "InvalidRequestContentException",
        "Could not parse request body into json: Could not parse payload into json: Unrecognized token 'hello': " +
          "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n" +
          " at [Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 6]",
      ),
    ],
    [
      "more than 6 MB",
      { FunctionName: "echo", Payload: Buffer.from(`"${"x".repeat(6_291_455)}"`) },
      awsError(
        "RequestTooLargeException",
        "Request must be smaller than 6291456 bytes for the InvokeFunction operation",
        413,
      ),
    ],
    [
      "more than 1 MB for later",
      { FunctionName: "echo", InvocationType: "Event", Payload: Buffer.from(`"${"x".repeat(1_048_575)}"`) },
      awsError(
        "RequestTooLargeException",
        "Request must be smaller than 1048576 bytes for the InvokeFunction operation",
        413,
      ),
    ],
  ])("%s", async (_, input, error) => {
    await expect(invoke(input)).rejects.toMatchObject(error);
  });

  test("with AWS's body", async () => {
    const reply = await call(server.current.emu, "POST", path("nobody"), "{}");
    expect(reply.headers.get("x-amzn-errortype")).toBe("ResourceNotFoundException");
    expect(JSON.parse(reply.text)).toEqual({
      Type: "User",
      Message: `Function not found: ${arnOf("nobody")}:$LATEST`,
    });
  });
});
