import { InvokeCommand } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, expect, test } from "vitest";
import { callControl, controlError } from "../emulator/control-calls.ts";
import { startTestEmulator, type TestEmulator } from "../emulator/emulator.ts";

let emulator: TestEmulator;

beforeEach(async () => {
  emulator = await startTestEmulator();
});

afterEach(() => emulator[Symbol.asyncDispose]());

const api = (name: string, path: string, endpoint = emulator.emu.endpoint): string =>
  `${endpoint}/_localemu/runtime/${name}/2018-06-01/runtime/${path}`;

async function invoke(name: string, payload: string) {
  const output = await emulator.lambda.send(new InvokeCommand({ FunctionName: name, Payload: payload }));
  return output.Payload?.transformToString();
}

test("whoever polls the Runtime API of a function over HTTP gets its invocations", async () => {
  await emulator.emu.control.attachFunction("orders");
  const result = invoke("orders", '{"id":1}');
  const event = await fetch(api("orders", "invocation/next"));
  expect(event.headers.get("lambda-runtime-invoked-function-arn")).toBe(
    "arn:aws:lambda:us-east-1:000000000000:function:orders",
  );
  expect(await event.json()).toEqual({ id: 1 });
  const id = event.headers.get("lambda-runtime-aws-request-id") ?? "";
  const answered = await fetch(api("orders", `invocation/${id}/response`), { method: "POST", body: '"done"' });
  expect(answered.status).toBe(202);
  expect(await result).toBe('"done"');
});

test("a function that is attached to before it was made is there, has a text for code, and tells of its polls", async () => {
  const { emu } = emulator;
  const made = await callControl(
    emu.endpoint,
    "POST runtime/orders",
    JSON.stringify({ timeoutSeconds: 7, memorySizeMb: 512, environment: { TABLE: "t" } }),
  );
  const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:orders";
  const described = {
    functionName: "orders",
    functionArn,
    version: "$LATEST",
    timeoutSeconds: 7,
    memorySizeMb: 512,
    logGroup: "/aws/lambda/orders",
    polls: 0,
    runtimeApi: `${emu.endpoint}/_localemu/runtime/orders`,
  };
  expect(made).toEqual({ status: 200, body: described });
  expect(await callControl(emu.endpoint, "GET runtime/orders")).toEqual({ status: 200, body: described });
  const changed = await callControl(emu.endpoint, "POST runtime/orders", '{"timeoutSeconds":8}');
  expect(changed).toEqual({ status: 200, body: { ...described, timeoutSeconds: 8 } });
  const { Environment } = await emu.control.call("lambda", "GetFunctionConfiguration", { FunctionName: "orders" });
  expect(Environment).toEqual({ Variables: { TABLE: "t" } });
});

test.each([
  ["POST runtime/orders", '{"timeout":7}', 400, "BadRequest", /has no timeout; it has timeoutSeconds/],
  ["POST runtime/orders", '{"timeoutSeconds":901}', 400, "ValidationException", /901/],
  ["GET runtime/missing", undefined, 404, "ResourceNotFoundException", /Function not found/],
  ["POST runtime/missing/pause", undefined, 404, "NotFound", /no function missing/],
  ["DELETE runtime/orders", undefined, 405, "MethodNotAllowed", /takes GET, POST/],
] as const)("%s with %s is refused", async (call, body, status, code, message) => {
  const answer = await callControl(emulator.emu.endpoint, call, body);
  expect(answer).toEqual(controlError(status, code, expect.stringMatching(message)));
});

test("a poll for a function that is not there, and an answer to nothing, are refused with 410", async () => {
  const poll = await fetch(api("missing", "invocation/next"));
  expect([poll.status, await poll.json()]).toEqual([
    410,
    { errorMessage: "The function is gone", errorType: "Detached" },
  ]);
  await emulator.emu.control.attachFunction("orders");
  const answer = await fetch(api("orders", "invocation/nothing/response"), { method: "POST", body: "1" });
  expect([answer.status, await answer.json()]).toEqual([
    410,
    { errorMessage: "Invoke timeout", errorType: "InvokeTimeout" },
  ]);
  expect((await fetch(api("orders", "init/error"), { method: "POST", body: "{}" })).status).toBe(404);
});

test.each(["reset", "deletion of the world", "deletion of the function"])(
  "a poll ends with 410 at the %s",
  async (what) => {
    await using world = await emulator.emu.createWorld("mine");
    await world.control.attachFunction("orders");
    const polled = fetch(api("orders", "invocation/next", world.endpoint));
    await expect.poll(async () => (await world.control.attachedFunction("orders")).polls).toBe(1);
    if (what === "reset") await world.reset();
    else if (what === "deletion of the world") await emulator.emu.control.deleteWorld("mine");
    else await world.control.call("lambda", "DeleteFunction", { FunctionName: "orders" });
    expect((await polled).status).toBe(410);
  },
);

test("an attachment to an alias gets what is invoked by it, and nothing else", async () => {
  const { emu } = emulator;
  await emu.control.attachFunction("orders");
  await emu.control.call("lambda", "PublishVersion", { FunctionName: "orders" });
  await emu.control.call("lambda", "CreateAlias", { FunctionName: "orders", Name: "prod", FunctionVersion: "1" });
  await using _ = await emu.attachHandler("orders:prod", async () => "by alias");
  await using __ = await emu.attachHandler("orders", async () => "latest");
  expect(await invoke("orders:prod", "{}")).toBe('"by alias"');
  expect(await invoke("orders:1", "{}")).toBe('"by alias"');
  expect(await invoke("orders", "{}")).toBe('"latest"');
});

test("what happens in an attached function is on the timeline and in the log", async () => {
  const { emu } = emulator;
  await using _ = await emu.attachHandler("orders", async () => 1);
  await invoke("orders", "{}");
  expect((await emu.timeline()).map(({ type }) => type)).toEqual([
    "function.created",
    "function.environmentStarted",
    "function.environmentReady",
    "function.invoked",
    "function.returned",
  ]);
  const log = await emu.control.call("logs", "FilterLogEvents", { logGroupName: "/aws/lambda/orders" });
  expect(JSON.stringify(log["events"])).toMatch(/INIT_START.*START RequestId.*END RequestId.*REPORT RequestId/);
});
