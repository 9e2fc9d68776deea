import { isRegion } from "./core/arns.ts";
import { isLogLevel, logLevels } from "./core/log.ts";
import {
  filledText,
  hostNames,
  httpUrl,
  integer,
  keysAndSecrets,
  nodeModules,
  origins,
  runtimeImages,
  wrongValue,
} from "./option-rules.ts";
import type { Problem } from "./option-rules.ts";
import { integerOf, isForOthers, jsonOf, listOf, numberOf, switches, unknownVariable } from "./option-texts.ts";
import { initialStreamsOf, initialStreamsProblem } from "./initial-streams.ts";
import type { InitialStream } from "./initial-streams.ts";

/** Options of `startEmulator` and of the command line. */
export interface EmulatorOptions {
  /** Address to listen on; `0.0.0.0` for all. Default `127.0.0.1`; environment `LOCALEMU_HOST`. */
  readonly host?: string;
  /** Port to listen on; `0` for any free one. Default `0` embedded, `4566` on the command line; environment `LOCALEMU_PORT`. */
  readonly port?: number;
  /** Region where a request names none. Default `us-east-1`; environment `LOCALEMU_REGION`. */
  readonly region?: string;
  /** How the clock of a new world starts: `running`, `frozen` or `auto`. Default `running`; environment `LOCALEMU_CLOCK`. */
  readonly clock?: "running" | "frozen" | "auto";
  /**
   * World time before a failed batch of an event source mapping is tried again for the first time, milliseconds; it doubles from
   * there up to a minute. AWS waits about 500. Default `25`; environment `LOCALEMU_RETRY_BASE_DELAY_MS`.
   */
  readonly retryBaseDelayMs?: number;
  /** World time that streams stay `CREATING`, `UPDATING` and `DELETING`, milliseconds. Default `0`; environment `KINESIS_LATENCY`. */
  readonly kinesisLatencyMs?: number;
  /** Open shards that a region may have. Default `20000`; environment `KINESIS_SHARD_LIMIT`. */
  readonly kinesisShardLimit?: number;
  /**
   * Streams that the default world has from the start, and again after a reset: `[{ name, shards, region? }]`, or
   * `name:shards[:region]` separated by commas. Default none; environment `KINESIS_INITIALIZE_STREAMS`.
   */
  readonly kinesisInitialStreams?: readonly InitialStream[];
  /**
   * Whether a shard takes and gives no more in any second of world time than AWS's: 1 MiB and 1000 records in, 2 MiB and 5 reads
   * out, mappings' reads included. A consumer that is registered for enhanced fan-out has 2 MiB a second for itself. Default
   * `false`; environment `LOCALEMU_KINESIS_THROUGHPUT_LIMITS`.
   */
  readonly kinesisThroughputLimits?: boolean;
  /**
   * How likely PutRecord fails with ProvisionedThroughputExceededException, and every record of PutRecords, from 0 to 1; changed
   * at run time by [faults](control-api.md#faults). Default `0`; environment `KINESIS_ERROR_PROBABILITY`.
   */
  readonly kinesisErrorProbability?: number;
  /**
   * A server that has the tables in place of LocalEmu, such as DynamoDB Local: `http://dynamodb:8000`. Calls are handed on to it,
   * and event source mappings read its streams; see [testing.md](testing.md#another-server-for-tables). Default none; environment `DYNAMODB_ENDPOINT`.
   */
  readonly dynamodbEndpoint?: string;
  /**
   * Decides which calls meet a fault that is only likely, how long mappings wait before they read a source again that refused
   * them, and when those that were kept start after a restart; which version an alias with weights leads to is chance, whatever the
   * seed. An integer. Default `1`; environment `LOCALEMU_SEED`.
   */
  readonly seed?: number;
  /** World time after which an idle execution environment ends, milliseconds. Default `600000`; environment `LAMBDA_KEEPALIVE_MS`. */
  readonly lambdaKeepaliveMs?: number;
  /** Time that an execution environment has to start, seconds. Default `20`; environment `LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT`. */
  readonly lambdaStartTimeoutSeconds?: number;
  /**
   * Time from a function's response until its caller gets it, so that what is logged after it belongs to the invocation; it
   * counts to the function's time. Milliseconds. Default `0`; environment `LAMBDA_INIT_POST_INVOKE_WAIT_MS`.
   */
  readonly lambdaPostInvokeWaitMs?: number;
  /**
   * `node_modules` directories, absolute paths, of packages that functions for Node.js find though neither they nor their layers
   * have them, such as the [AWS SDK](node-runtime.md#the-aws-sdk); separated by commas. Default none; environment `LOCALEMU_LAMBDA_NODE_PATH`.
   */
  readonly lambdaNodePath?: readonly string[];
  /** How long a response may be that is not streamed, bytes. Default `6291556`; environment `LAMBDA_LIMITS_MAX_FUNCTION_PAYLOAD_SIZE_BYTES`. */
  readonly lambdaMaxPayloadBytes?: number;
  /**
   * Whether functions whose `NODE_OPTIONS` have `--inspect=<address:port>`, `--inspect-brk` or `--inspect-wait` have no time limits
   * (of start, init and function) and one environment, for a debugger. Default `false`; environment `LAMBDA_DEBUG_MODE`.
   */
  readonly lambdaDebugMode?: boolean;
  /**
   * Whether a Docker engine runs functions: those that are container images, and those from a zip whose runtime is not for
   * Node.js; see [functions in containers](image-functions.md). By `localemu start` it is `true` where `DOCKER_HOST` is set, and in
   * the image where the engine's socket is mounted.
   * Default `false`; environment `LOCALEMU_DOCKER`.
   */
  readonly docker?: boolean;
  /**
   * What runs functions from a zip that processes could run: `process`, or `docker` for the base image of their runtime, which
   * switches the option docker on; see [which function runs where](image-functions.md#zip-functions).
   * Default `process`; environment `LOCALEMU_LAMBDA_EXECUTOR`.
   */
  readonly lambdaExecutor?: "process" | "docker";
  /**
   * Images in the place of AWS's for functions from a zip: a name in which `<runtime>` stands for the runtime, such as
   * `mine/lambda-<runtime>:1`, or `{ "python3.13": "mine/python:1" }` for some, as JSON in the variable.
   * Default `public.ecr.aws/lambda/<language>:<version>`; environment `LAMBDA_RUNTIME_IMAGE_MAPPING`.
   */
  readonly lambdaRuntimeImages?: string | Readonly<Record<string, string>>;
  /**
   * Host time without an invocation after which a function's container is paused, as AWS freezes environments, milliseconds; `0`
   * for never. Default `1000`; environment `LOCALEMU_DOCKER_PAUSE_MS`.
   */
  readonly dockerPauseMs?: number;
  /**
   * Whether each environment of a function that is a process has a user of its own, who can read neither the emulator's files and
   * memory nor other functions'; see [users of their own](testcontainers.md#functions-with-users-of-their-own). LocalEmu must be
   * root, as `withFunctionUsers()` makes it in a container; otherwise the start fails.
   * Default `false`; environment `LOCALEMU_FUNCTION_USERS`.
   */
  readonly functionUsers?: boolean;
  /** Where that engine is: `unix://`, `npipe://` or `tcp://`. Default `unix:///var/run/docker.sock`; environment `DOCKER_HOST`. */
  readonly dockerHost?: string;
  /** How long a streamed response may be, bytes. Default `209715200`; environment `LOCALEMU_RESPONSE_STREAM_MAX_BYTES`. */
  readonly responseStreamMaxBytes?: number;
  /**
   * How fast a streamed response goes on after its first 6 MiB, bytes per second; `0` for as fast as it can, `2097152` as on AWS.
   * Default `0`; environment `LOCALEMU_RESPONSE_STREAM_BYTES_PER_SECOND`.
   */
  readonly responseStreamBytesPerSecond?: number;
  /**
   * Whether roles and resource policies decide what callers may do: `1`, or `soft` for telling on the timeline alone what AWS
   * would refuse; see [authorization](authorization.md). Default `0`; environment `ENFORCE_IAM`.
   */
  readonly enforceIam?: "0" | "1" | "soft";
  /**
   * Whether requests must be signed by credentials that LocalEmu issued or that `credentials` lists, and are refused as AWS does
   * otherwise; see [authorization](authorization.md). Default `false`; environment `LOCALEMU_VERIFY_SIGNATURES`.
   */
  readonly verifySignatures?: boolean;
  /** Credentials of the account besides those that LocalEmu issues: `key:secret`, separated by commas. Default none; environment `LOCALEMU_CREDENTIALS`. */
  readonly credentials?: readonly string[];
  /** Origins of web pages that may call, besides loopback ones; separated by commas. Default none; environment `LOCALEMU_ALLOWED_ORIGINS`. */
  readonly allowedOrigins?: readonly string[];
  /** Host names that may be called, besides local ones; separated by commas. Default none; environment `LOCALEMU_ALLOWED_HOSTS`. */
  readonly allowedHosts?: readonly string[];
  /**
   * Where functions' code is unpacked, in a directory that is removed at the end. Default the system's directory for temporary
   * files; environment `LOCALEMU_TMPDIR`.
   */
  readonly workDirectory?: string;
  /**
   * Directory where the default world is kept, so that the next emulator with it goes on from there; it is made where it is
   * missing. Without one nothing is kept. See [persistence.md](persistence.md). Default none; environment `LOCALEMU_DATA_DIR`.
   */
  readonly dataDir?: string;
  /** What is written about the emulator's work: lines of text, or a JSON object in each. Default `text`; environment `LOCALEMU_LOG_FORMAT`. */
  readonly logFormat?: "text" | "json";
  /** How much of it, see [logs](operating.md#logs). Default `off` embedded, `info` on the command line; environment `LOCALEMU_LOG_LEVEL`. */
  readonly logLevel?: "off" | "error" | "warn" | "info" | "debug";
  /**
   * How long a stop waits for what functions are doing before it ends them, milliseconds; meanwhile nothing new is taken on. Default
   * `0` embedded, `1000` on the command line; environment `LOCALEMU_STOP_GRACE_MS`.
   */
  readonly stopGraceMs?: number;
}

type OptionWithoutDefault = "workDirectory" | "dynamodbEndpoint" | "dataDir";

export type Settings = Required<Omit<EmulatorOptions, OptionWithoutDefault>> &
  Pick<EmulatorOptions, OptionWithoutDefault>;

/** Thrown when an option has a value that it cannot have; the message names the option and what it takes. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}

const clockModes: readonly NonNullable<EmulatorOptions["clock"]>[] = ["running", "frozen", "auto"];

const enforcements: readonly NonNullable<EmulatorOptions["enforceIam"]>[] = ["0", "1", "soft"];

const lambdaExecutors: readonly NonNullable<EmulatorOptions["lambdaExecutor"]>[] = ["process", "docker"];

const rules: { readonly [Name in keyof EmulatorOptions]-?: (value: unknown) => Problem } = {
  host: filledText,
  port: integer(0, 65_535),
  region: (value) => (isRegion(value) ? undefined : "a region such as us-east-1"),
  clock: (value) => (clockModes.some((mode) => mode === value) ? undefined : "running, frozen or auto"),
  retryBaseDelayMs: integer(1, 60_000),
  kinesisLatencyMs: integer(0, 3_600_000),
  kinesisShardLimit: integer(1, 1_000_000),
  kinesisInitialStreams: initialStreamsProblem,
  kinesisThroughputLimits: (value) => (typeof value === "boolean" ? undefined : "true or false"),
  kinesisErrorProbability: (value) =>
    typeof value === "number" && value >= 0 && value <= 1 ? undefined : "a number from 0 to 1",
  dynamodbEndpoint: httpUrl,
  seed: integer(-(2 ** 31), 2 ** 31 - 1),
  lambdaKeepaliveMs: integer(0, 86_400_000),
  lambdaStartTimeoutSeconds: integer(1, 3600),
  lambdaPostInvokeWaitMs: integer(0, 900_000),
  lambdaNodePath: nodeModules,
  lambdaMaxPayloadBytes: integer(1, Number.MAX_SAFE_INTEGER),
  lambdaDebugMode: (value) => (typeof value === "boolean" ? undefined : "true or false"),
  docker: (value) => (typeof value === "boolean" ? undefined : "true or false"),
  lambdaExecutor: (value) => (lambdaExecutors.some((one) => one === value) ? undefined : "process or docker"),
  lambdaRuntimeImages: runtimeImages,
  dockerPauseMs: integer(0, 86_400_000),
  functionUsers: (value) => (typeof value === "boolean" ? undefined : "true or false"),
  dockerHost: filledText,
  responseStreamMaxBytes: integer(1, Number.MAX_SAFE_INTEGER),
  responseStreamBytesPerSecond: integer(0, Number.MAX_SAFE_INTEGER),
  enforceIam: (value) => (enforcements.some((one) => one === value) ? undefined : "0, 1 or soft"),
  verifySignatures: (value) => (typeof value === "boolean" ? undefined : "true or false"),
  credentials: keysAndSecrets,
  allowedOrigins: origins,
  allowedHosts: hostNames,
  workDirectory: filledText,
  dataDir: filledText,
  logFormat: (value) => (value === "text" || value === "json" ? undefined : "text or json"),
  logLevel: (value) => (isLogLevel(value) ? undefined : `one of ${logLevels.join(", ")}`),
  stopGraceMs: integer(0, 3_600_000),
};

/** Fills in the defaults. Throws OptionError for a value that an option cannot have and for an option that does not exist. */
export function settle(options: EmulatorOptions): Settings {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!isOption(name)) throw new OptionError(`unknown option ${name}; there are ${Object.keys(rules).join(", ")}`);
    const problem = rules[name](value);
    if (problem !== undefined) throw new OptionError(wrongValue(`option ${name}`, name, problem, value));
  }
  return {
    host: options.host ?? "127.0.0.1",
    port: options.port ?? 0,
    region: options.region ?? "us-east-1",
    clock: options.clock ?? "running",
    retryBaseDelayMs: options.retryBaseDelayMs ?? 25,
    kinesisLatencyMs: options.kinesisLatencyMs ?? 0,
    kinesisShardLimit: options.kinesisShardLimit ?? 20_000,
    kinesisInitialStreams: options.kinesisInitialStreams ?? [],
    kinesisThroughputLimits: options.kinesisThroughputLimits ?? false,
    kinesisErrorProbability: options.kinesisErrorProbability ?? 0,
    seed: options.seed ?? 1,
    lambdaKeepaliveMs: options.lambdaKeepaliveMs ?? 600_000,
    lambdaStartTimeoutSeconds: options.lambdaStartTimeoutSeconds ?? 20,
    lambdaPostInvokeWaitMs: options.lambdaPostInvokeWaitMs ?? 0,
    lambdaNodePath: options.lambdaNodePath ?? [],
    lambdaMaxPayloadBytes: options.lambdaMaxPayloadBytes ?? 6_291_556,
    lambdaDebugMode: options.lambdaDebugMode ?? false,
    docker: options.docker === true || options.lambdaExecutor === "docker",
    lambdaExecutor: options.lambdaExecutor ?? "process",
    lambdaRuntimeImages: options.lambdaRuntimeImages ?? {},
    dockerPauseMs: options.dockerPauseMs ?? 1000,
    functionUsers: options.functionUsers ?? false,
    dockerHost: options.dockerHost ?? "unix:///var/run/docker.sock",
    responseStreamMaxBytes: options.responseStreamMaxBytes ?? 200 * 1024 * 1024,
    responseStreamBytesPerSecond: options.responseStreamBytesPerSecond ?? 0,
    enforceIam: options.enforceIam ?? "0",
    verifySignatures: options.verifySignatures ?? false,
    credentials: options.credentials ?? [],
    allowedOrigins: options.allowedOrigins ?? [],
    allowedHosts: (options.allowedHosts ?? []).map((name) => name.toLowerCase()),
    logFormat: options.logFormat ?? "text",
    logLevel: options.logLevel ?? "off",
    stopGraceMs: options.stopGraceMs ?? 0,
    ...(options.dynamodbEndpoint === undefined ? {} : { dynamodbEndpoint: options.dynamodbEndpoint }),
    ...(options.workDirectory === undefined ? {} : { workDirectory: options.workDirectory }),
    ...(options.dataDir === undefined ? {} : { dataDir: options.dataDir }),
  };
}

function isOption(name: string): name is keyof EmulatorOptions {
  return Object.hasOwn(rules, name);
}

const ifKnown = <T>(value: T | undefined, option: (value: T) => EmulatorOptions) =>
  value === undefined ? {} : option(value);
/** How each option is written as a text. What its rule then refuses may come out of here. */
const readers: { readonly [Name in keyof EmulatorOptions]-?: (text: string) => EmulatorOptions } = {
  host: (host) => ({ host }),
  port: (text) => ({ port: integerOf(text) }),
  region: (region) => ({ region }),
  clock: (text) =>
    ifKnown(
      clockModes.find((mode) => mode === text),
      (clock) => ({ clock }),
    ),
  retryBaseDelayMs: (text) => ({ retryBaseDelayMs: integerOf(text) }),
  kinesisLatencyMs: (text) => ({ kinesisLatencyMs: integerOf(text) }),
  kinesisShardLimit: (text) => ({ kinesisShardLimit: integerOf(text) }),
  kinesisInitialStreams: (text) => ({ kinesisInitialStreams: initialStreamsOf(listOf(text)) }),
  kinesisThroughputLimits: (text) =>
    ifKnown(switches.get(text), (kinesisThroughputLimits) => ({ kinesisThroughputLimits })),
  kinesisErrorProbability: (text) => ({ kinesisErrorProbability: numberOf(text) }),
  dynamodbEndpoint: (dynamodbEndpoint) => ({ dynamodbEndpoint }),
  seed: (text) => ({ seed: integerOf(text) }),
  lambdaKeepaliveMs: (text) => ({ lambdaKeepaliveMs: integerOf(text) }),
  lambdaStartTimeoutSeconds: (text) => ({ lambdaStartTimeoutSeconds: integerOf(text) }),
  lambdaPostInvokeWaitMs: (text) => ({ lambdaPostInvokeWaitMs: integerOf(text) }),
  lambdaNodePath: (text) => ({ lambdaNodePath: listOf(text) }),
  lambdaMaxPayloadBytes: (text) => ({ lambdaMaxPayloadBytes: integerOf(text) }),
  lambdaDebugMode: (text) => ifKnown(switches.get(text), (lambdaDebugMode) => ({ lambdaDebugMode })),
  docker: (text) => ifKnown(switches.get(text), (docker) => ({ docker })),
  lambdaExecutor: (text) =>
    ifKnown(
      lambdaExecutors.find((one) => one === text),
      (lambdaExecutor) => ({ lambdaExecutor }),
    ),
  lambdaRuntimeImages: (text) => ({ lambdaRuntimeImages: text.trimStart().startsWith("{") ? jsonOf(text) : text }),
  dockerPauseMs: (text) => ({ dockerPauseMs: integerOf(text) }),
  functionUsers: (text) => ifKnown(switches.get(text), (functionUsers) => ({ functionUsers })),
  dockerHost: (dockerHost) => ({ dockerHost }),
  responseStreamMaxBytes: (text) => ({ responseStreamMaxBytes: integerOf(text) }),
  responseStreamBytesPerSecond: (text) => ({ responseStreamBytesPerSecond: integerOf(text) }),
  enforceIam(text) {
    const given = switches.get(text);
    const enforceIam = given === undefined ? enforcements.find((one) => one === text) : given ? "1" : "0";
    return enforceIam === undefined ? {} : { enforceIam };
  },
  verifySignatures: (text) => ifKnown(switches.get(text), (verifySignatures) => ({ verifySignatures })),
  credentials: (text) => ({ credentials: listOf(text) }),
  allowedOrigins: (text) => ({ allowedOrigins: listOf(text) }),
  allowedHosts: (text) => ({ allowedHosts: listOf(text) }),
  workDirectory: (workDirectory) => ({ workDirectory }),
  dataDir: (dataDir) => ({ dataDir }),
  logFormat: (text) => (text === "text" || text === "json" ? { logFormat: text } : {}),
  logLevel: (text) => (isLogLevel(text) ? { logLevel: text } : {}),
  stopGraceMs: (text) => ({ stopGraceMs: integerOf(text) }),
};

/**
 * Reads one option from a text, e.g. of the command line.
 * Throws OptionError, with `source` as the option's name, for a text that the option cannot have.
 */
export function optionFromText(source: string, name: keyof EmulatorOptions, text: string): EmulatorOptions {
  const option = readers[name](text);
  const problem = rules[name](option[name]);
  if (problem !== undefined) throw new OptionError(wrongValue(source, name, problem, text));
  return option;
}

/** Environment variable → option; LocalStack's name where it has one for the same thing. */
const variables: { readonly [variable: string]: keyof EmulatorOptions } = {
  LOCALEMU_HOST: "host",
  LOCALEMU_PORT: "port",
  LOCALEMU_REGION: "region",
  LOCALEMU_CLOCK: "clock",
  LOCALEMU_RETRY_BASE_DELAY_MS: "retryBaseDelayMs",
  KINESIS_LATENCY: "kinesisLatencyMs",
  KINESIS_SHARD_LIMIT: "kinesisShardLimit",
  KINESIS_INITIALIZE_STREAMS: "kinesisInitialStreams",
  LOCALEMU_KINESIS_THROUGHPUT_LIMITS: "kinesisThroughputLimits",
  KINESIS_ERROR_PROBABILITY: "kinesisErrorProbability",
  DYNAMODB_ENDPOINT: "dynamodbEndpoint",
  LOCALEMU_SEED: "seed",
  LAMBDA_KEEPALIVE_MS: "lambdaKeepaliveMs",
  LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT: "lambdaStartTimeoutSeconds",
  LAMBDA_INIT_POST_INVOKE_WAIT_MS: "lambdaPostInvokeWaitMs",
  LOCALEMU_LAMBDA_NODE_PATH: "lambdaNodePath",
  LAMBDA_LIMITS_MAX_FUNCTION_PAYLOAD_SIZE_BYTES: "lambdaMaxPayloadBytes",
  LAMBDA_DEBUG_MODE: "lambdaDebugMode",
  LOCALEMU_DOCKER: "docker",
  LOCALEMU_LAMBDA_EXECUTOR: "lambdaExecutor",
  LAMBDA_RUNTIME_IMAGE_MAPPING: "lambdaRuntimeImages",
  LOCALEMU_DOCKER_PAUSE_MS: "dockerPauseMs",
  LOCALEMU_FUNCTION_USERS: "functionUsers",
  DOCKER_HOST: "dockerHost",
  LOCALEMU_RESPONSE_STREAM_MAX_BYTES: "responseStreamMaxBytes",
  LOCALEMU_RESPONSE_STREAM_BYTES_PER_SECOND: "responseStreamBytesPerSecond",
  ENFORCE_IAM: "enforceIam",
  LOCALEMU_VERIFY_SIGNATURES: "verifySignatures",
  LOCALEMU_CREDENTIALS: "credentials",
  LOCALEMU_ALLOWED_ORIGINS: "allowedOrigins",
  LOCALEMU_ALLOWED_HOSTS: "allowedHosts",
  LOCALEMU_TMPDIR: "workDirectory",
  LOCALEMU_DATA_DIR: "dataDir",
  LOCALEMU_LOG_FORMAT: "logFormat",
  LOCALEMU_LOG_LEVEL: "logLevel",
  LOCALEMU_STOP_GRACE_MS: "stopGraceMs",
};

/**
 * Reads options from environment variables; an empty one counts as absent.
 * Throws OptionError, naming the variable, for a value that its option cannot have, and for a LOCALEMU_ variable that does
 * not exist: what it was to set would silently keep its default.
 */
export function optionsFromEnvironment(environment: Readonly<Record<string, string | undefined>>): EmulatorOptions {
  for (const [variable, text = ""] of Object.entries(environment)) {
    if (!variable.startsWith("LOCALEMU_") || Object.hasOwn(variables, variable)) continue;
    if (text !== "" && !isForOthers(variable, text))
      throw new OptionError(unknownVariable(variable, Object.keys(variables)));
  }
  let options: EmulatorOptions = {};
  for (const [variable, name] of Object.entries(variables)) {
    const { [variable]: text = "" } = environment;
    if (text === "" || isForOthers(variable, text)) continue;
    options = { ...options, ...optionFromText(variable, name, text) };
  }
  return options;
}
