import type { AttachedFunction } from "@localemu/control";
import { accountId } from "../core/arns.ts";
import { callerGone } from "../gateway/caller-gone.ts";
import { worldPrefix } from "../gateway/world-prefix.ts";
import { badRequest, ControlError } from "./control-error.ts";
import { JsonBody } from "./json-body.ts";
import type { ControlRequest } from "./routes.ts";

type Settings = Readonly<Record<string, unknown>>;

/** Makes a function that has no code, or changes one's settings: what somebody does who is about to attach to it. */
export async function attachFunction(request: ControlRequest): Promise<AttachedFunction> {
  const name = request.path[1] ?? "";
  const settings = settingsOf(JsonBody.parse(request.body));
  const call = callerOf(request);
  const { region } = request.world;
  const { attached } = await request.world.services.lambda();
  const describe = (configuration: Settings): AttachedFunction =>
    describeFunction(configuration, attached.polls(region, name), request);
  if (attached.has(region, name)) {
    const changes = Object.keys(settings).length > 0;
    const operation = changes ? "UpdateFunctionConfiguration" : "GetFunctionConfiguration";
    return describe(await call(operation, { FunctionName: name, ...settings }));
  }
  const created = await call("CreateFunction", {
    FunctionName: name,
    Runtime: "nodejs24.x",
    Handler: "attached.handler",
    Role: `arn:aws:iam::${accountId}:role/attached`,
    Code: { ZipFile: attached.noCode },
    ...settings,
  });
  return describe(created);
}

export async function attachedFunction(request: ControlRequest): Promise<AttachedFunction> {
  const { world, path } = request;
  const name = path[1] ?? "";
  const configuration = await callerOf(request)("GetFunctionConfiguration", { FunctionName: name });
  const { attached } = await world.services.lambda();
  return describeFunction(configuration, attached.polls(world.region, name), request);
}

/** Stops the time limits of a function that is run from outside, and world time, or lets them go on. */
export async function moveTime({ world, path }: ControlRequest, action: "pause" | "resume"): Promise<object> {
  const { attached } = await world.services.lambda();
  const name = path[1] ?? "";
  if (!attached[action](world.region, name)) {
    throw new ControlError(404, "NotFound", `there is no function ${name} in ${world.region}`);
  }
  return {};
}

type CallLambda = (operation: string, input: object) => Promise<Settings>;

function callerOf({ world, callAws, origin, response }: ControlRequest): CallLambda {
  const from = { region: world.region, origin: origin + worldPrefix(world.name), signal: callerGone(response) };
  return async (operation, input) => {
    const output: unknown = JSON.parse(
      await callAws(world, "lambda", operation, Buffer.from(JSON.stringify(input)), from),
    );
    return typeof output === "object" && output !== null ? { ...output } : {};
  };
}

const members = ["timeoutSeconds", "memorySizeMb", "environment"];

function settingsOf(body: JsonBody): Settings {
  for (const name of Object.keys(body.members)) {
    if (!members.includes(name)) throw badRequest(`an attached function has no ${name}; it has ${members.join(", ")}`);
  }
  const timeout = body.number("timeoutSeconds");
  const memory = body.number("memorySizeMb");
  const { environment } = body.members;
  return {
    ...(timeout !== undefined && { Timeout: timeout }),
    ...(memory !== undefined && { MemorySize: memory }),
    ...(environment !== undefined && { Environment: { Variables: environment } }),
  };
}

function describeFunction(
  configuration: Settings,
  polls: number,
  { origin, world, path }: ControlRequest,
): AttachedFunction {
  const text = (name: string): string => String(configuration[name]);
  const { LoggingConfig: logging } = configuration;
  const group: unknown = typeof logging === "object" && logging !== null ? Reflect.get(logging, "LogGroup") : undefined;
  return {
    functionName: text("FunctionName"),
    functionArn: text("FunctionArn"),
    version: text("Version"),
    timeoutSeconds: Number(configuration["Timeout"]),
    memorySizeMb: Number(configuration["MemorySize"]),
    logGroup: String(group),
    polls,
    runtimeApi: `${origin}${worldPrefix(world.name)}/_localemu/runtime/${encodeURIComponent(path[1] ?? "")}`,
  };
}
