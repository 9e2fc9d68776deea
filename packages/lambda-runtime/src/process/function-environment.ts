import type { FunctionSpec } from "../contract.ts";
import { concurrencyOf } from "../environment/concurrency.ts";
import { LOG_FD } from "./launch-process.ts";

export interface EnvironmentPlace {
  /** `host:port`. */
  readonly runtimeApi: string;
  readonly logStream: string;
  readonly temporaryDirectory: string;
  /** The directory of our runtime client. */
  readonly runtimeDirectory: string;
  /** Where the program is that runs the function's language. */
  readonly languageDirectory: string;
  /** The host's `PATH`, the only thing that is inherited. */
  readonly path: string;
}

/**
 * The variables of an execution environment, in the order of AWS's documentation, with directories of their own in the place
 * of `/var/lang`, `/var/runtime`, `/var/task` and `/opt`.
 * AWS: reserved names overrule the function's variables, and these overrule the other defaults (AWS docs).
 */
export function functionEnvironment(spec: FunctionSpec, place: EnvironmentPlace): Record<string, string> {
  const kept = reserved(spec, place);
  const environment = {
    ...kept,
    ...overridable(spec, place),
    ...spec.defaultEnvironment,
    ...spec.environment,
    ...kept,
  };
  // AWS: set for each invocation, by the runtime.
  return Object.fromEntries(Object.entries(environment).filter(([name]) => name !== "_X_AMZN_TRACE_ID"));
}

function overridable(spec: FunctionSpec, place: EnvironmentPlace): Record<string, string> {
  const { taskRoot, optRoot, runtime } = spec;
  const isNode = runtime.startsWith("nodejs");
  return {
    LANG: "en_US.UTF-8",
    PATH: joined([isNode ? place.languageDirectory : undefined, place.path, optRoot && `${optRoot}/bin`]),
    LD_LIBRARY_PATH: joined([taskRoot, `${taskRoot}/lib`, optRoot && `${optRoot}/lib`]),
    ...(isNode ? { NODE_PATH: nodePath(spec) } : {}),
    ...tracing,
    TZ: ":UTC",
    TMPDIR: place.temporaryDirectory,
  };
}

/**
 * The variables of a function in a container. What names directories for programs and libraries is left to its image. AWS: of
 * functions that are images, without handler and AWS_EXECUTION_ENV, which the image's runtime has or has not (recorded on AWS).
 */
export function containerEnvironment(
  spec: FunctionSpec,
  place: Pick<EnvironmentPlace, "runtimeApi" | "logStream">,
): Record<string, string> {
  const kept = {
    ...(spec.runtime === "" ? {} : { _HANDLER: spec.handler }),
    ...identity(spec, place),
    LAMBDA_TASK_ROOT: "/var/task",
    LAMBDA_RUNTIME_DIR: "/var/runtime",
  };
  const environment = { ...tracing, TZ: ":UTC", ...spec.defaultEnvironment, ...spec.environment, ...kept };
  return Object.fromEntries(Object.entries(environment).filter(([name]) => name !== "_X_AMZN_TRACE_ID"));
}

/** The variables of an extension. AWS: without those that are the runtime's alone (AWS docs, Runtime Interface Emulator). */
export function extensionEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith("_") && !RUNTIME_ONLY.has(name)),
  );
}

const RUNTIME_ONLY: ReadonlySet<string> = new Set([
  "AWS_XRAY_CONTEXT_MISSING",
  "AWS_XRAY_DAEMON_ADDRESS",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "LAMBDA_TASK_ROOT",
]);

function reserved(spec: FunctionSpec, place: EnvironmentPlace): Record<string, string> {
  const takesFrames = /^(nodejs|python)/.test(spec.runtime);
  return {
    _HANDLER: spec.handler,
    ...identity(spec, place),
    LAMBDA_TASK_ROOT: spec.taskRoot,
    LAMBDA_RUNTIME_DIR: place.runtimeDirectory,
    PWD: spec.taskRoot,
    SHLVL: "0",
    ...(takesFrames ? { _LAMBDA_TELEMETRY_LOG_FD: String(LOG_FD) } : {}),
  };
}

const tracing = {
  AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
  // AWS: 169.254.100.1. Nobody listens here either, but nothing leaves the machine.
  AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000",
  _AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1",
  _AWS_XRAY_DAEMON_PORT: "2000",
};

/** What a function is told of itself, and by what it calls others. */
function identity(
  spec: FunctionSpec,
  place: Pick<EnvironmentPlace, "runtimeApi" | "logStream">,
): Record<string, string> {
  const { initializationType, maxConcurrency } = concurrencyOf(spec);
  return {
    AWS_DEFAULT_REGION: spec.region,
    AWS_REGION: spec.region,
    // AWS: absent for provided runtimes and container images (recorded on AWS).
    ...(/^(provided|$)/.test(spec.runtime) ? {} : { AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}` }),
    AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memorySizeMb),
    AWS_LAMBDA_FUNCTION_VERSION: spec.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: initializationType,
    ...(maxConcurrency > 1 ? { AWS_LAMBDA_MAX_CONCURRENCY: String(maxConcurrency) } : {}),
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    ...(spec.logFormat === "JSON"
      ? { AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: spec.logLevel ?? "INFO" }
      : {}),
    AWS_ACCESS_KEY_ID: spec.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: spec.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: spec.credentials.sessionToken,
    AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
  };
}

function nodePath({ runtime, taskRoot, optRoot, nodeModules = [] }: FunctionSpec): string {
  const major = /^nodejs(\d+)/.exec(runtime)?.[1];
  return joined([
    optRoot && major && `${optRoot}/nodejs/node${major}/node_modules`,
    optRoot && `${optRoot}/nodejs/node_modules`,
    // AWS: here is /var/runtime/node_modules, with the AWS SDK.
    ...nodeModules,
    taskRoot,
  ]);
}

function joined(directories: readonly (string | undefined)[]): string {
  return directories.filter((directory) => directory !== undefined && directory !== "").join(":");
}
