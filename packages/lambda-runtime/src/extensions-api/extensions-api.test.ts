import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ApiServer } from "../runtime-api/api-server.ts";
import { Extensions, type ExtensionFailure } from "./extensions.ts";
import { ExtensionsApi } from "./extensions-api.ts";

let extensions: Extensions;
let server: ApiServer;
let base: string;
let failures: ExtensionFailure[];
let onChange: () => void;

beforeEach(async () => {
  failures = [];
  onChange = () => undefined;
  await serve(1);
});

afterEach(() => server.close());

async function serve(maxConcurrency: number): Promise<void> {
  extensions = new Extensions({
    newId: randomUUID,
    maxConcurrency,
    onChange: () => onChange(),
    onFailure: (failure) => failures.push(failure),
  });
  const spec = {
    functionName: "probe",
    version: "7",
    runtime: "nodejs24.x",
    handler: "index.handler",
    memorySizeMb: 128,
    timeoutMs: 1000,
    taskRoot: "/task",
    environment: {},
    logGroup: "g",
    region: "eu-west-1",
    accountId: "000000000000",
    credentials: { accessKeyId: "", secretAccessKey: "", sessionToken: "" },
  };
  const api = new ExtensionsApi({ spec, extensions, newId: randomUUID });
  server = new ApiServer(new Map([["2020-01-01", api]]), fail);
  base = `http://127.0.0.1:${await server.listen("127.0.0.1")}/2020-01-01/extension/`;
}

interface Reply {
  readonly status: number;
  readonly id: string;
  readonly body: unknown;
}

async function call(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: unknown,
): Promise<Reply> {
  const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const response = await fetch(base + path, { method, headers, ...sent });
  const text = await response.text();
  return {
    status: response.status,
    id: response.headers.get("lambda-extension-identifier") ?? "",
    body: text.startsWith("{") ? JSON.parse(text) : text,
  };
}

const register = (name: string, events: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  call("POST", "register", { "lambda-extension-name": name, ...headers }, { events });
const as = (id: string): Record<string, string> => ({ "lambda-extension-identifier": id });
const refused = (errorType: string, errorMessage: string): object => ({
  status: 403,
  body: { errorMessage, errorType },
});

/** Resolves when the API has seen what was sent next. */
function changed(): Promise<void> {
  return new Promise((resolve) => {
    onChange = resolve;
  });
}

describe("register", () => {
  test("tells the function, and the account to whoever asks", async () => {
    extensions.addExternal("agent");
    const described = { functionName: "probe", functionVersion: "7", handler: "index.handler" };
    const external = await register("agent", ["INVOKE", "SHUTDOWN"]);
    expect(external).toMatchObject({ status: 200, body: described });
    expect(external.id).toMatch(/^[0-9a-f-]{36}$/);
    const feature = { "lambda-extension-accept-feature": "other, accountId" };
    expect((await register("inner", ["INVOKE"], feature)).body).toEqual({ ...described, accountId: "000000000000" });
    expect(extensions.describe()).toEqual([
      { name: "agent", state: "Registered", events: ["INVOKE", "SHUTDOWN"] },
      { name: "inner", state: "Registered", events: ["INVOKE"] },
    ]);
  });

  test("refuses what AWS refuses, in its words", async () => {
    extensions.addExternal("agent");
    const format = (text: string): object => refused("InvalidRequestFormat", text);
    const named = { "lambda-extension-name": "x" };
    expect(await call("POST", "register", {}, {})).toMatchObject(
      refused("Extension.InvalidExtensionName", "Empty extension name"),
    );
    expect(await call("POST", "register", named, { events: [], configurationKeys: ["a"] })).toMatchObject(
      format("configurationKeys are deprecated; use environment variables instead"),
    );
    expect((await call("POST", "register", named, "{")).body).toMatchObject({ errorType: "InvalidRequestFormat" });
    expect(await register("x", "INVOKE")).toMatchObject(format("events must be an array of strings"));
    expect(await register("agent", ["START"])).toMatchObject(
      refused("Extension.InvalidEventType", "START: ErrorInvalidEventType"),
    );
    expect(await register("x", ["SHUTDOWN"])).toMatchObject(
      refused("Extension.InvalidEventType", "SHUTDOWN: ShutdownEventNotSupportedForInternalExtension"),
    );
    await register("agent", []);
    expect(await register("agent", [])).toMatchObject(
      refused(
        "Extension.InvalidExtensionState",
        "State transition from Registered to Registered failed for extension agent. Error: State transition is not allowed",
      ),
    );
    await register("x", []);
    expect(await register("x", [])).toMatchObject(
      refused("Extension.InvalidExtensionState", "Extension with this name already registered"),
    );
    for (let n = 0; n < 8; n += 1) await register(`x${n}`, []);
    expect(await register("more", [])).toMatchObject(
      refused("Extension.TooManyExtensions", "Extension limit (10) reached"),
    );
    extensions.closeRegistration();
    expect(await register("late", [])).toMatchObject(
      refused("Extension.RegistrationClosed", "Extension registration closed already"),
    );
  });

  test("takes no INVOKE where several invocations run at a time", async () => {
    server.close();
    await serve(2);
    extensions.addExternal("agent");
    expect(await register("agent", ["INVOKE"])).toMatchObject(
      refused("Extension.InvalidEventType", "INVOKE: ErrorInvalidEventType"),
    );
    expect((await register("agent", ["SHUTDOWN"])).status).toBe(200);
  });
});

describe("event/next", () => {
  test("waits for an event, and is given one that came before", async () => {
    const { id } = await register("inner", ["INVOKE"]);
    expect(extensions.initialized).toBe(false);
    const parked = changed();
    const first = call("GET", "event/next", as(id));
    await parked;
    expect([extensions.initialized, extensions.idle]).toEqual([true, true]);
    extensions.tell({ eventType: "INVOKE", requestId: "1" });
    expect((await first).body).toEqual({ eventType: "INVOKE", requestId: "1" });
    expect(extensions.idle).toBe(false);
    extensions.tell({ eventType: "SHUTDOWN" });
    extensions.tell({ eventType: "INVOKE", requestId: "2" });
    expect((await call("GET", "event/next", as(id))).body).toEqual({ eventType: "INVOKE", requestId: "2" });
  });

  test("checks who asks, and that nobody asks twice", async () => {
    const unknown = randomUUID();
    expect(await call("GET", "event/next")).toMatchObject(
      refused("Extension.MissingExtensionIdentifier", "Missing Lambda-Extension-Identifier header"),
    );
    expect(await call("GET", "event/next", as("me"))).toMatchObject(
      refused("Extension.InvalidExtensionIdentifier", "Invalid Lambda-Extension-Identifier"),
    );
    expect(await call("GET", "event/next", as(unknown))).toMatchObject(
      refused("Extension.UnknownExtensionIdentifier", `Unknown extension ${unknown}`),
    );
    const { id } = await register("inner", ["INVOKE"]);
    const parked = changed();
    const abort = new AbortController();
    const first = fetch(`${base}event/next`, { headers: as(id), signal: abort.signal }).catch(() => "aborted");
    await parked;
    const twice = `State transition from Ready to Ready failed for extension ${id}. Error: State transition is not allowed`;
    expect(await call("GET", "event/next", as(id))).toMatchObject(refused("Extension.InvalidExtensionState", twice));
    abort.abort();
    await first;
  });
});

describe("init/error and exit/error", () => {
  test("are told once, and need their header", async () => {
    const { id } = await register("inner", []);
    const type = { "lambda-extension-function-error-type": "Extension.NoLicense" };
    const missing = refused("Extension.MissingHeader", "Lambda-Extension-Function-Error-Type not found");
    expect(await call("POST", "init/error", as(id), {})).toMatchObject(missing);
    expect(await call("POST", "init/error", { ...as(randomUUID()), ...type }, {})).toMatchObject(
      refused("Extension.UnknownExtensionIdentifier", "Unknown Lambda-Extension-Identifier"),
    );
    for (let times = 0; times < 2; times += 1) {
      expect(await call("POST", "init/error", { ...as(id), ...type }, {})).toMatchObject({
        status: 202,
        body: { status: "OK" },
      });
    }
    expect(failures).toMatchObject([{ errorType: "Extension.InitError" }]);
    const move = `State transition from InitError to Exited failed for extension ${id}. Error: State transition is not allowed`;
    expect(await call("POST", "exit/error", { ...as(id), ...type }, {})).toMatchObject(
      refused("Extension.InvalidExtensionState", move),
    );
    expect(extensions.describe()).toEqual([
      { name: "inner", state: "InitError", events: [], errorType: "Extension.NoLicense" },
    ]);
  });

  test("other routes are not there", async () => {
    expect(await call("GET", "register")).toMatchObject({ status: 404, body: "404 page not found\n" });
  });
});

function fail(error: unknown): never {
  throw error;
}
