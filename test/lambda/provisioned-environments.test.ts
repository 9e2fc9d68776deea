import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateAliasCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import type { LocalEmu } from "@localemu/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import type { Clients } from "../emulator/emulator.ts";
import { createFunction, lambdaServer } from "./lambda-api.ts";
import { provision } from "./provisioned-api.ts";
import { zipOf } from "./zips.ts";

const server = lambdaServer();
let emu: LocalEmu;
let clients: Clients;

beforeEach(async () => {
  emu = await server.current.emu.createWorld();
  clients = clientsOf(emu, { maxAttempts: 1 });
});

afterEach(() => emu.close());

/** Tells how its environment came to be, and waits for who answers `event.url`. */
const telling = (version: string) =>
  zipOf({
    "index.js": `let invocations = 0;
    exports.handler = async ({ url }) => {
      if (url !== undefined) await (await fetch(url)).text();
      const type = process.env.AWS_LAMBDA_INITIALIZATION_TYPE;
      return { code: "${version}", type, invocations: ++invocations };
    };`,
  });

const make = (name: string, source = telling("first")) =>
  createFunction(clients.lambda, name, { Code: { ZipFile: source }, Publish: true, Timeout: 30 });
const invoke = async (FunctionName: string, Qualifier: string, event: object = {}) => {
  const output = await clients.lambda.send(
    new InvokeCommand({ FunctionName, Qualifier, Payload: JSON.stringify(event), LogType: "Tail" }),
  );
  const log = Buffer.from(output.LogResult ?? "", "base64").toString();
  return { ...JSON.parse(output.Payload?.transformToString() ?? ""), hasInit: log.includes("Init Duration") };
};
const status = (FunctionName: string, Qualifier: string) =>
  clients.lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName, Qualifier }));
const environments = async (name: string) => (await emu.control.peek.function(name)).environments;

/** A server that answers when `callers` have called. `begun`: one has. */
async function meeting(
  callers: number,
): Promise<AsyncDisposable & { readonly url: string; readonly begun: Promise<void> }> {
  const waiting: (() => void)[] = [];
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const http = createServer((_, response) => {
    begin();
    waiting.push(() => response.end());
    if (waiting.length === callers) for (const answer of waiting) answer();
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port }: Pick<AddressInfo, "port"> = Object(http.address());
  return {
    url: `http://127.0.0.1:${port}`,
    begun,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

test("environments initialize before anybody invokes, and are used first", async () => {
  await make("orders");
  await provision(clients.lambda, "orders", "1", 2);
  await emu.idle();
  expect(await environments("orders")).toMatchObject([{ state: "ready" }, { state: "ready" }]);
  expect(await invoke("orders", "1")).toEqual({
    code: "first",
    type: "provisioned-concurrency",
    invocations: 1,
    hasInit: false,
  });
  expect(await invoke("orders", "$LATEST")).toMatchObject({ type: "on-demand", hasInit: true });
  await using everybody = await meeting(3);
  const answers = await Promise.all([1, 2, 3].map(() => invoke("orders", "1", { url: everybody.url })));
  expect(answers.map(({ type }) => type).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    "on-demand",
    "provisioned-concurrency",
    "provisioned-concurrency",
  ]);
});

test("what cannot initialize has failed, and is invoked on demand", async () => {
  await make("broken", zipOf({ "index.js": "throw new Error('no configuration');" }));
  await provision(clients.lambda, "broken", "1", 2);
  await emu.idle();
  expect(await status("broken", "1")).toMatchObject({
    RequestedProvisionedConcurrentExecutions: 2,
    AllocatedProvisionedConcurrentExecutions: 0,
    AvailableProvisionedConcurrentExecutions: 0,
    Status: "FAILED",
    StatusReason: "FUNCTION_ERROR_INIT_FAILURE",
  });
  expect(await invoke("broken", "1")).toMatchObject({ errorMessage: "no configuration" });
});

test("they go when they are no longer provided", async () => {
  await make("orders");
  await provision(clients.lambda, "orders", "1", 1);
  await emu.idle();
  await using both = await meeting(2);
  const running = invoke("orders", "1", { url: both.url });
  await both.begun;
  await clients.lambda.send(new DeleteProvisionedConcurrencyConfigCommand({ FunctionName: "orders", Qualifier: "1" }));
  // What runs, finishes.
  await fetch(both.url);
  expect(await running).toMatchObject({ type: "provisioned-concurrency", invocations: 1 });
  await emu.idle();
  expect(await invoke("orders", "1")).toMatchObject({ type: "on-demand", invocations: 1 });
});

test("those of an alias follow it to another version", async () => {
  const { lambda } = clients;
  await make("orders");
  await lambda.send(new CreateAliasCommand({ FunctionName: "orders", Name: "live", FunctionVersion: "1" }));
  await provision(lambda, "orders", "live", 1);
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "orders", ZipFile: telling("second") }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 20 }, { FunctionName: "orders" });
  await lambda.send(new PublishVersionCommand({ FunctionName: "orders" }));
  await emu.idle();
  expect(await invoke("orders", "live")).toMatchObject({ code: "first", type: "provisioned-concurrency" });
  await lambda.send(new UpdateAliasCommand({ FunctionName: "orders", Name: "live", FunctionVersion: "2" }));
  expect(await status("orders", "live")).toMatchObject({ Status: "IN_PROGRESS" });
  await emu.idle();
  expect(await status("orders", "live")).toMatchObject({ Status: "READY" });
  expect(await invoke("orders", "live")).toMatchObject({ code: "second", type: "provisioned-concurrency" });
  expect(await invoke("orders", "1")).toMatchObject({ code: "first", type: "on-demand" });
});

test("those of a weighted alias are divided", async () => {
  const { lambda } = clients;
  await make("orders");
  await lambda.send(
    new UpdateFunctionCodeCommand({ FunctionName: "orders", ZipFile: telling("second"), Publish: true }),
  );
  await lambda.send(
    new CreateAliasCommand({
      FunctionName: "orders",
      Name: "live",
      FunctionVersion: "1",
      RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } },
    }),
  );
  await provision(lambda, "orders", "live", 2);
  await emu.idle();
  expect(await status("orders", "live")).toMatchObject({
    Status: "READY",
    AvailableProvisionedConcurrentExecutions: 2,
  });
  expect(await invoke("orders", "1")).toMatchObject({ code: "first", type: "provisioned-concurrency" });
  expect(await invoke("orders", "2")).toMatchObject({ code: "second", type: "provisioned-concurrency" });
});

test("what is provisioned of a reservation is its version's alone", async () => {
  const { lambda } = clients;
  await make("orders");
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: "orders", ReservedConcurrentExecutions: 1 }));
  await provision(lambda, "orders", "1", 1);
  await emu.idle();
  await expect(invoke("orders", "$LATEST")).rejects.toMatchObject({
    name: "TooManyRequestsException",
    Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
  });
  expect(await invoke("orders", "1")).toMatchObject({ type: "provisioned-concurrency" });
});

test("an environment that dies is replaced", async () => {
  await make("mortal", zipOf({ "index.js": "exports.handler = async (event) => event.die ? process.exit(1) : 1;" }));
  await provision(clients.lambda, "mortal", "1", 1);
  await emu.idle();
  const [first] = await environments("mortal");
  expect(await invoke("mortal", "1", { die: true })).toMatchObject({ errorType: "Runtime.ExitError" });
  await emu.idle();
  const after = await environments("mortal");
  expect(after).toMatchObject([{ state: "ready" }]);
  expect(after[0]?.environment).not.toBe(first?.environment);
  expect(await status("mortal", "1")).toMatchObject({ Status: "READY" });
});
