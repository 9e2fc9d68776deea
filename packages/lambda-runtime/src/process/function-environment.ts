import type { FunctionSpec } from "../contract.ts";
import { LOG_FD } from "./launch-process.ts";

export interface EnvironmentPlace {
  /** `host:port`. */
  readonly runtimeApi: string;
  readonly logStream: string;
  readonly temporaryDirectory: string;
  /** The directory of our runtime client. */
  readonly runtimeDirectory: string;
  /** The host's `PATH`, the only thing that is inherited. */
  readonly path: string;
}

/**
 * The variables of an execution environment.
 * AWS: reserved names overrule the function's variables, and these overrule the other defaults (AWS docs).
 */
export function functionEnvironment(spec: FunctionSpec, place: EnvironmentPlace): Record<string, string> {
  const { taskRoot, optRoot } = spec;
  const isNode = spec.runtime.startsWith("nodejs");
  return {
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: optRoot === undefined ? place.path : `${place.path}:${optRoot}/bin`,
    LD_LIBRARY_PATH: joined([taskRoot, `${taskRoot}/lib`, optRoot && `${optRoot}/lib`]),
    ...(isNode ? { NODE_PATH: nodePath(spec) } : {}),
    TMPDIR: place.temporaryDirectory,
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    ...spec.defaultEnvironment,
    ...spec.environment,
    ...reserved(spec, place),
  };
}

/** The variables of an extension. AWS: without those that are the runtime's alone (AWS docs, Runtime Interface Emulator). */
export function extensionEnvironment(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith("_") && !RUNTIME_ONLY.has(name)),
  );
}

const RUNTIME_ONLY: ReadonlySet<string> = new Set([
  "AWS_XRAY_CONTEXT_MISSING",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "LAMBDA_TASK_ROOT",
]);

function reserved(spec: FunctionSpec, place: EnvironmentPlace): Record<string, string> {
  const isNode = spec.runtime.startsWith("nodejs");
  return {
    _HANDLER: spec.handler,
    AWS_REGION: spec.region,
    AWS_DEFAULT_REGION: spec.region,
    // AWS: absent for provided runtimes (recorded on AWS).
    ...(spec.runtime.startsWith("provided") ? {} : { AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}` }),
    AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memorySizeMb),
    AWS_LAMBDA_FUNCTION_VERSION: spec.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    ...(spec.logFormat === "JSON"
      ? { AWS_LAMBDA_LOG_FORMAT: "JSON", AWS_LAMBDA_LOG_LEVEL: spec.logLevel ?? "INFO" }
      : {}),
    AWS_ACCESS_KEY_ID: spec.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: spec.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: spec.credentials.sessionToken,
    AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
    LAMBDA_TASK_ROOT: spec.taskRoot,
    LAMBDA_RUNTIME_DIR: place.runtimeDirectory,
    PWD: spec.taskRoot,
    SHLVL: "0",
    ...(isNode ? { _LAMBDA_TELEMETRY_LOG_FD: String(LOG_FD) } : {}),
  };
}

function nodePath({ runtime, taskRoot, optRoot }: FunctionSpec): string {
  const major = /^nodejs(\d+)/.exec(runtime)?.[1];
  return joined([
    optRoot && major && `${optRoot}/nodejs/node${major}/node_modules`,
    optRoot && `${optRoot}/nodejs/node_modules`,
    taskRoot,
  ]);
}

function joined(directories: readonly (string | undefined)[]): string {
  return directories.filter((directory) => directory !== undefined && directory !== "").join(":");
}
