import type { IdleReport, Info, WorldInfo } from "@localemu/control";
import { callerGone } from "../gateway/caller-gone.ts";
import type { Outgoing } from "../gateway/listener.ts";
import { send } from "../gateway/reply.ts";
import { worldPrefix } from "../gateway/world-prefix.ts";
import { WorldError } from "../world-error.ts";
import type { World } from "../world.ts";
import type { Worlds } from "../worlds.ts";
import { changeClock, clockState } from "./clock-routes.ts";
import { badRequest, ControlError } from "./control-error.ts";
import { JsonBody } from "./json-body.ts";
import { attachedFunction, attachFunction, moveTime } from "./runtime-routes.ts";
import { openEventStream } from "./server-sent-events.ts";

/** What a control route works on. */
export interface ControlRequest {
  readonly method: string;
  /** After `/_localemu/`, split at slashes and decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly response: Outgoing;
  /** `http://<host>` or `https://<host>` as the caller used it. */
  readonly origin: string;
  readonly world: World;
  readonly worlds: Worlds;
  readonly version: string;
  /** How the server itself is. */
  readonly server: ServerFacts;
  readonly callAws: CallAws;
  readonly hasOperation: HasOperation;
  /** The certificate that clients must trust to call over TLS. */
  readonly caPem: () => Promise<string>;
}

export interface ServerFacts {
  readonly versions: Info["versions"];
  /** Host time since the start, milliseconds. */
  uptimeMs(): number;
  /** It is about to end. */
  stopping(): boolean;
  /** Those that were set, by their names. */
  readonly options: Readonly<Record<string, unknown>>;
  /** In Prometheus' format. */
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Whether AWS's service has the operation; undefined for a service that is not emulated. */
export type HasOperation = (service: string, operation: string) => Promise<boolean | undefined>;

/** Calls an operation of a service of AWS's with its input as JSON, and gives its output as JSON. Throws ControlError. */
export type CallAws = (
  world: World,
  service: string,
  operation: string,
  body: Buffer,
  from: { readonly region: string; readonly origin: string; readonly signal: AbortSignal },
) => Promise<string>;

/** A JSON value (or its text) to answer with, or undefined where the route has answered by itself. */
type ControlAnswer = object | string | undefined;
type Route = (request: ControlRequest) => ControlAnswer | Promise<ControlAnswer>;

const routes: { readonly [route: string]: Route } = {
  "GET health": async (request) => (await import("./server-routes.ts")).health(request),
  "GET health/live": () => ({ status: "live" }),
  "GET health/ready": async (request) => (await import("./server-routes.ts")).health(request) && { status: "ready" },
  "GET metrics": async ({ server, response }) => {
    const { contentType, text } = await server.metrics();
    send(response, { status: 200, headers: { "content-type": contentType }, body: text });
    return undefined;
  },
  "GET info": async (request) => {
    const { info } = await import("./server-routes.ts");
    return info(request, worldInfo(request.world, request.origin));
  },
  "GET ca.pem": async ({ caPem, response }) => {
    send(response, { status: 200, headers: { "content-type": "application/x-pem-file" }, body: await caPem() });
    return undefined;
  },
  "GET worlds": ({ worlds, origin }) => ({ worlds: worlds.names.map((name) => worldInfo(worlds.get(name), origin)) }),
  "POST worlds": createWorld,
  "DELETE worlds/*": async ({ worlds, path }) => {
    await worlds.delete(path[1] ?? "");
    return {};
  },
  "GET worlds/*/lease": holdLease,
  "POST reset": async ({ world }) => {
    await world.reset();
    return {};
  },
  "POST idle": idle,
  "GET clock": ({ world }) => clockState(world),
  "POST clock": ({ world, body }) => changeClock(world, JsonBody.parse(body)),
  "GET faults": ({ world }) => ({ faults: world.faults.list() }),
  "POST faults": async ({ world, body, hasOperation }) => {
    // Few ask for faults, and a start needs none of it.
    const { faultRule } = await import("./fault-routes.ts");
    return world.faults.add(await faultRule(JsonBody.parse(body), hasOperation));
  },
  "DELETE faults": ({ world }) => {
    world.faults.clear();
    return {};
  },
  "DELETE faults/*": ({ world, path }) => {
    const id = path[1] ?? "";
    if (!world.faults.remove(id)) throw notFound(`there is no fault ${id}`);
    return {};
  },
  "GET runtime/*": attachedFunction,
  "POST runtime/*": attachFunction,
  "POST runtime/*/pause": moveTime("pause"),
  "POST runtime/*/resume": moveTime("resume"),
  "GET timeline": timeline,
  "GET peek/streams/*": peek((world, region, name) => world.peekStream(region, name), "stream"),
  "GET peek/tables/*": peek((world, region, name) => world.peekTable(region, name), "table"),
  "GET peek/queues/*": peek((world, region, name) => world.peekQueue(region, name), "queue"),
  "GET peek/topics/*": peek((world, region, name) => world.peekTopic(region, name), "topic"),
  "GET peek/buckets/*": ({ world, path, query }) => {
    const name = path[2] ?? "";
    const bucket = world.peekBucket(name, query.get("key") ?? undefined);
    if (bucket === undefined) throw notFound(`there is no bucket ${name}`);
    return bucket;
  },
  "GET peek/functions": ({ world, query }) => ({
    functions: world.peekFunctions(query.get("region") ?? world.region),
  }),
  "GET peek/functions/*": peek((world, region, name) => world.peekFunction(region, name), "function"),
  "GET peek/mappings": ({ world }) => ({ mappings: world.peekMappings() }),
  "GET peek/mappings/*": ({ world, path }) => {
    const uuid = path[2] ?? "";
    const mapping = world.peekMappings().find((candidate) => candidate.uuid === uuid);
    if (mapping === undefined) throw notFound(`there is no event source mapping ${uuid}`);
    return mapping;
  },
  "GET code/*": functionCode,
  "POST aws/*/*": async ({ world, path, body, query, headers, origin, callAws, response }) => {
    const [, service = "", operation = ""] = path;
    const region = headers["x-localemu-region"] ?? query.get("region") ?? world.region;
    const from = { region, origin: origin + worldPrefix(world.name), signal: callerGone(response) };
    return callAws(world, service, operation, body, from);
  },
};

const worldErrorStatus: { readonly [Code in WorldError["code"]]?: number } = {
  InvalidWorldName: 400,
  UnknownWorld: 404,
  ServerClosing: 503,
};

/** Answers a control request. Throws ControlError. */
export async function answerControl(request: ControlRequest): Promise<ControlAnswer> {
  const route = findRoute(request.method, request.path);
  try {
    return await route(request);
  } catch (error) {
    if (error instanceof WorldError) {
      throw new ControlError(worldErrorStatus[error.code] ?? 409, error.code, error.message);
    }
    throw error;
  }
}

function findRoute(method: string, path: readonly string[]): Route {
  const allowed: string[] = [];
  for (const [key, route] of Object.entries(routes)) {
    const [routeMethod = "", pattern = ""] = key.split(" ");
    const parts = pattern.split("/");
    if (parts.length !== path.length || !parts.every((part, index) => part === "*" || part === path[index])) continue;
    if (routeMethod === method) return route;
    allowed.push(routeMethod);
  }
  const name = `/_localemu/${path.join("/")}`;
  if (allowed.length > 0)
    throw new ControlError(405, "MethodNotAllowed", `${name} takes ${allowed.join(", ")}, not ${method}`);
  throw notFound(`the control API has no ${name}`);
}

function worldInfo(world: World, origin: string): WorldInfo {
  return { name: world.name, endpoint: origin + worldPrefix(world.name), credentials: world.credentials };
}

function createWorld({ worlds, body, origin }: ControlRequest): WorldInfo {
  const request = JsonBody.parse(body);
  const name = request.string("name");
  const lease = request.boolean("lease") ?? false;
  return worldInfo(worlds.create(name === undefined ? { lease } : { name, lease }), origin);
}

function holdLease({ worlds, path, response }: ControlRequest): undefined {
  const name = path[1] ?? "";
  const release = worlds.hold(name);
  const stopWithWorld = worlds.get(name).onClose(() => stream.end());
  const stream = openEventStream(response, () => {
    stopWithWorld();
    release();
  });
}

async function idle({ world, body, response }: ControlRequest): Promise<IdleReport> {
  const timeoutMs = JsonBody.parse(body).number("timeoutMs") ?? 10_000;
  if (timeoutMs < 0) throw badRequest("timeoutMs must not be negative");
  return world.time.idle(timeoutMs, callerGone(response));
}

function timeline({ world, query, headers, response }: ControlRequest): ControlAnswer {
  const after = count(query, "after");
  const limit = count(query, "limit");
  const entries = world.timeline.entries({
    ...(after === undefined ? {} : { after }),
    ...(limit === undefined ? {} : { limit }),
  });
  if (headers["accept"]?.includes("text/event-stream") !== true) {
    send(response, {
      status: 200,
      headers: { "content-type": "application/x-ndjson" },
      body: entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""),
    });
    return undefined;
  }
  const leave = world.timeline.follow((entry) => stream.send(entry));
  const stopWithWorld = world.onClose(() => stream.end());
  const stream = openEventStream(response, () => {
    leave();
    stopWithWorld();
  });
  for (const entry of entries) stream.send(entry);
  return undefined;
}

/** What GetFunction's `Code.Location` leads to. */
async function functionCode({ world, path, response }: ControlRequest): Promise<undefined> {
  const [, name = ""] = path;
  const hash = Buffer.from(name.replace(/\.zip$/, ""), "base64url").toString("base64");
  const zip = await world.functionCode(hash);
  if (zip === undefined) throw notFound(`no function has the code ${name}`);
  send(response, { status: 200, headers: { "content-type": "application/zip" }, body: zip });
  return undefined;
}

function peek(
  look: (world: World, region: string, name: string) => object | undefined | Promise<object | undefined>,
  kind: string,
): Route {
  return async ({ world, path, query }) => {
    const name = path[2] ?? "";
    const region = query.get("region") ?? world.region;
    const found = await look(world, region, name);
    if (found === undefined) throw notFound(`there is no ${kind} ${name} in ${region}`);
    return found;
  };
}

function count(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d+$/.test(text)) throw badRequest(`${name} must be a number, not ${JSON.stringify(text)}`);
  return Number(text);
}

function notFound(message: string): ControlError {
  return new ControlError(404, "NotFound", message);
}
