import type { FunctionSpec } from "../contract.ts";

/** What the command line and the environment of the runtime interface emulator say. */
export interface RieOptions {
  /** Where it listens. */
  readonly host: string;
  readonly port: number;
  readonly spec: FunctionSpec;
  /** What was given and has no effect, a line each. */
  readonly warnings: readonly string[];
}

/** Thrown for a command line that cannot be served; the message is for its user. */
export class RieUsageError extends Error {
  override readonly name = "RieUsageError";
}

type Variables = Readonly<Record<string, string | undefined>>;

/** AWS: the defaults of AWS's Runtime Interface Emulator. */
const DEFAULTS = { address: "0.0.0.0:8080", timeoutSeconds: 300, memorySizeMb: 3008, name: "test_function" };

/** AWS: the account of every function (Runtime Interface Emulator). */
export const RIE_ACCOUNT_ID = "012345678912";

const WITH_VALUE = new Set(["--runtime-interface-emulator-address", "--runtime-api-address", "--log-level"]);
const WITHOUT_EFFECT = new Set(["--runtime-api-address", "--log-level", "--enable-init-caching"]);

/**
 * Reads `lambda-rie [options] [<directory or bootstrap>] [<handler>]` and AWS's variables. Throws RieUsageError.
 *
 * @param kindOf what a path is; undefined where there is nothing
 */
export function rieOptions(
  args: readonly string[],
  variables: Variables,
  kindOf: (path: string) => "file" | "directory" | undefined,
): RieOptions {
  const { options, rest } = split(args);
  const path = process.getBuiltinModule("node:path");
  const variable = (name: string): string | undefined => (variables[name] === "" ? undefined : variables[name]);
  const [first, ...others] = rest;
  const place = path.resolve(first ?? variable("LAMBDA_TASK_ROOT") ?? ".");
  const kind = kindOf(place);
  if (kind === undefined || (kind === "file" && path.basename(place) !== "bootstrap")) {
    throw new RieUsageError(`${place} is neither a directory nor an executable named bootstrap`);
  }
  const taskRoot = kind === "file" ? path.dirname(place) : place;
  const handler = others.at(-1) ?? variable("AWS_LAMBDA_FUNCTION_HANDLER") ?? variable("_HANDLER");
  const own = kindOf(path.join(taskRoot, "bootstrap")) === "file";
  if (handler === undefined && !own) {
    throw new RieUsageError("which handler? Give it after the directory, such as index.handler, or as _HANDLER");
  }
  const name = variable("AWS_LAMBDA_FUNCTION_NAME") ?? DEFAULTS.name;
  const spec: FunctionSpec = {
    functionName: name,
    version: variable("AWS_LAMBDA_FUNCTION_VERSION") ?? "$LATEST",
    runtime: own ? "provided.al2023" : (variable("AWS_EXECUTION_ENV")?.replace(/^AWS_Lambda_/, "") ?? "nodejs24.x"),
    handler: handler ?? "",
    memorySizeMb: whole(
      variable("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
      "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
      DEFAULTS.memorySizeMb,
    ),
    timeoutMs:
      1000 * whole(variable("AWS_LAMBDA_FUNCTION_TIMEOUT"), "AWS_LAMBDA_FUNCTION_TIMEOUT", DEFAULTS.timeoutSeconds),
    taskRoot,
    codeInPlace: true,
    // AWS: the function has the variables of the emulator.
    environment: Object.fromEntries(
      Object.entries(variables).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
    ),
    logGroup: variable("AWS_LAMBDA_LOG_GROUP_NAME") ?? "/aws/lambda/Functions",
    region: variable("AWS_REGION") ?? variable("AWS_DEFAULT_REGION") ?? "us-east-1",
    credentials: {
      accessKeyId: variable("AWS_ACCESS_KEY_ID") ?? "",
      secretAccessKey: variable("AWS_SECRET_ACCESS_KEY") ?? "",
      sessionToken: variable("AWS_SESSION_TOKEN") ?? "",
    },
    optRoot: "/opt",
    accountId: RIE_ACCOUNT_ID,
  };
  return {
    ...addressOf(options.get("--runtime-interface-emulator-address") ?? DEFAULTS.address),
    spec,
    warnings: [...options.keys()]
      .filter((option) => WITHOUT_EFFECT.has(option))
      .map(
        (option) =>
          `${option} has no effect: every environment has a Runtime API on a free port, and nothing is logged but what the function and the platform write`,
      ),
  };
}

function split(args: readonly string[]): { options: Map<string, string>; rest: string[] } {
  const options = new Map<string, string>();
  const rest = [...args];
  while (rest[0]?.startsWith("--") === true) {
    const [name = "", inline] = (rest.shift() ?? "").split("=", 2);
    if (!WITH_VALUE.has(name) && !WITHOUT_EFFECT.has(name)) throw new RieUsageError(`unknown option ${name}`);
    const value = WITH_VALUE.has(name) ? (inline ?? rest.shift()) : "";
    if (value === undefined) throw new RieUsageError(`option ${name} needs a value`);
    options.set(name, value);
  }
  return { options, rest };
}

function addressOf(text: string): { readonly host: string; readonly port: number } {
  const match = /^(.*):(\d{1,5})$/.exec(text);
  if (match === null || Number(match[2]) > 65_535)
    throw new RieUsageError(`${text} is no address such as 0.0.0.0:8080`);
  return { host: match[1] === "" ? (DEFAULTS.address.split(":")[0] ?? "") : (match[1] ?? ""), port: Number(match[2]) };
}

function whole(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new RieUsageError(`${name} must be a whole number from 1 on, not ${text}`);
  return Number(text);
}
