import type { HostTime, RuntimeClock, RuntimeLog } from "./ports.ts";

import type { AttachedExchange } from "./attached/attached-execution.ts";
import type { Docker } from "./docker/docker-executor.ts";
import type { FunctionUsers } from "./process/function-users.ts";

/** Everything a version of a function needs to run. */
export interface FunctionSpec {
  readonly functionName: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  /** A managed runtime such as `nodejs24.x`, or `provided.al2023`. */
  readonly runtime: string;
  readonly handler: string;
  readonly memorySizeMb: number;
  /** The function's Timeout in milliseconds of host time. */
  readonly timeoutMs: number;
  /**
   * The container image that it runs in; needs {@link LambdaRuntimeOptions.docker}. Of a function that is an image, `runtime` and
   * `handler` are empty; of any other, its code and layers are copied into containers of the image.
   */
  readonly image?: FunctionImage;
  /**
   * The directory of the unzipped code. Each environment has its files, by hard links, in a directory of its own, where its
   * processes work: whoever may write to a file changes it for all. The work directory must not lie in it.
   */
  readonly taskRoot: string;
  /** Whether there is code that can be run; default true. Without, invocations wait for {@link EnvironmentPool.attach}. */
  readonly hasCode?: boolean;
  /** Whether the environments use `taskRoot` itself, so that its changes are theirs; default false. */
  readonly codeInPlace?: boolean;
  /** The directory that stands for `/opt` (layers), if there is one. Executables in its `extensions` are extensions. */
  readonly optRoot?: string;
  /** The function's own variables. Reserved names are overruled. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables of the platform that the function's own may overrule, for example `AWS_ENDPOINT_URL`. */
  readonly defaultEnvironment?: Readonly<Record<string, string>>;
  readonly logGroup: string;
  /** Default `Text`. */
  readonly logFormat?: "Text" | "JSON";
  /** The least severe level that the function logs with `JSON`. */
  readonly logLevel?: string;
  /** The least severe level of the platform's own events in the log with `JSON`; default `INFO`. */
  readonly systemLogLevel?: "DEBUG" | "INFO" | "WARN";
  /** How its environments come to be; default `on-demand`, or `lambda-managed-instances` with `maxConcurrency`. */
  readonly initializationType?: "on-demand" | "provisioned-concurrency" | "lambda-managed-instances";
  /**
   * How many invocations an environment may have at a time: as many as its runtime polls for, up to this.
   * Default the variable `AWS_LAMBDA_MAX_CONCURRENCY` of the function, or 1.
   */
  readonly maxConcurrency?: number;
  /** How long a response may be that nobody takes while it arrives, bytes; default 6 291 556, as on AWS. */
  readonly maxResponseBytes?: number;
  /** Host milliseconds from a response until it counts as given, so that what is logged after it belongs to it; default 0. */
  readonly postInvokeWaitMs?: number;
  /**
   * `node_modules` directories in which functions for Node.js find packages that neither they nor their layers have, as on AWS
   * the SDK in `/var/runtime/node_modules`; default none.
   */
  readonly nodeModules?: readonly string[];
  /** Whether a debugger may stop it: it has one environment of its code and no time limits. Default false. */
  readonly debug?: boolean;
  readonly region: string;
  /** What extensions are told that ask for it. */
  readonly accountId?: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string;
  };
}

/** How a response begins. */
export interface ResponseHead {
  /** `streaming` when the function streams; otherwise the response was complete before it was sent. */
  readonly mode: "buffered" | "streaming";
  readonly contentType: string;
}

/** Takes a response while it arrives. */
export interface ResponseSink {
  /**
   * How many bytes it takes: a longer response is cut off there and fails as `responseTooLarge`.
   * Default 6 291 556 for a buffered response and 200 MiB for a streamed one, as on AWS.
   */
  readonly maxBytes?: number;
  /** Takes a chunk. While the returned promise is pending nothing more is read from the function. */
  write(chunk: Uint8Array): Promise<void> | undefined;
}

/** One event for a function. */
export interface InvokeRequest {
  /** A UUID; what the function sees as `awsRequestId`. */
  readonly requestId: string;
  /** The event as JSON text. */
  readonly payload: Uint8Array;
  /** The ARN in the form that the caller used. */
  readonly invokedFunctionArn: string;
  /** The value of `X-Amzn-Trace-Id`. */
  readonly traceId?: string;
  /** JSON text, decoded from base64. */
  readonly clientContext?: string;
  /** JSON text. */
  readonly cognitoIdentity?: string;
  readonly tenantId?: string;
  /**
   * Called when a response begins; its bytes then go to the sink and not into the outcome. Not called for an error.
   * It must not throw. Without it, and when it returns undefined, the response is collected, up to 6 291 556 bytes.
   */
  readonly onResponse?: (head: ResponseHead) => ResponseSink | undefined;
}

/** Why an invocation failed. */
export type FunctionErrorCause =
  | "handler"
  | "timeout"
  | "exit"
  | "init"
  | "start"
  | "responseTooLarge"
  | "truncatedResponse"
  | "invalidResponseMode";

export interface FunctionError {
  /** The value of `X-Amz-Function-Error`. */
  readonly kind: "Unhandled";
  readonly cause: FunctionErrorCause;
}

/** What became of an invocation. */
export interface InvokeOutcome {
  readonly requestId: string;
  readonly executedVersion: string;
  readonly environmentId: string;
  /** The result or the error as the function posted it; empty when a sink took the response. */
  readonly payload: Uint8Array;
  readonly contentType: string;
  readonly functionError?: FunctionError;
  /** The last 4 KB of the log of this invocation. */
  readonly logTail: string;
  /** Milliseconds of host time. */
  readonly durationMs: number;
  /** Present on the first invocation of an environment: milliseconds from its start until it was ready. */
  readonly initDurationMs?: number;
}

interface EnvironmentEvent {
  readonly environmentId: string;
  readonly functionName: string;
  readonly version: string;
}

/** What happens inside the runtime, for a timeline. */
export type RuntimeEvent =
  /** An environment begins to initialize; `environmentInitialized` or `environmentExited` follows in any case. */
  | (EnvironmentEvent & { readonly type: "environmentStarting" })
  | (EnvironmentEvent & { readonly type: "environmentStarted"; readonly logStream: string; readonly pid: number })
  | (EnvironmentEvent & { readonly type: "environmentInitialized"; readonly durationMs: number })
  | (EnvironmentEvent & {
      readonly type: "environmentInitFailed";
      /** `timeout`, or as the platform's log tells it. */
      readonly errorType: string;
      /** What was written until then, a line each, with `[lambda <environmentId>] ` before it. */
      readonly output: readonly string[];
    })
  | (EnvironmentEvent & { readonly type: "environmentExited"; readonly reason: string })
  | (EnvironmentEvent & {
      readonly type: "environmentGone";
      readonly reason: "stopped" | "initFailed" | "startTimedOut" | "crashed" | "expired" | "detached";
    })
  | (EnvironmentEvent & { readonly type: "invocationStarted"; readonly requestId: string })
  /** What ran the environment from outside was detached before it answered; another environment may run the invocation. */
  | (EnvironmentEvent & { readonly type: "invocationGivenBack"; readonly requestId: string })
  | (EnvironmentEvent & {
      readonly type: "invocationCompleted";
      readonly requestId: string;
      readonly durationMs: number;
      readonly functionError?: FunctionErrorCause;
    });

/** A container image that a function runs in, and what it is started with instead of what it says itself. */
export interface FunctionImage {
  /** By name or id, as the engine has it. */
  readonly id: string;
  readonly entryPoint?: readonly string[] | undefined;
  readonly command?: readonly string[] | undefined;
  readonly workingDirectory?: string | undefined;
}

/** Options of {@link createLambdaRuntime}. */
export interface LambdaRuntimeOptions {
  /** What runs functions in containers; default none. Several runtimes may have the same. */
  readonly docker?: Docker;
  /**
   * Gives each environment's processes a user of their own; several runtimes may have the same. This process must be root, and
   * others must be able to pass through the directories above `workDirectory`. Default none: they are this process's user.
   */
  readonly users?: FunctionUsers;
  /** World time; default real time. */
  readonly clock?: RuntimeClock;
  /** Host time; default the platform's. */
  readonly hostTime?: HostTime;
  /** Takes the functions' log; default none. */
  readonly log?: RuntimeLog;
  readonly onEvent?: (event: RuntimeEvent) => void;
  /** A directory for the environments' files; default a new one in the system's temporary directory. */
  readonly workDirectory?: string;
  /** The file that runs Node.js functions; default that of `@localemu/runtime-client`. */
  readonly bootstrapPath?: string;
  /** Host milliseconds until the process of an environment must run; default 20 000. */
  readonly startTimeoutMs?: number;
  /** Host milliseconds that initialization may take; default 10 000, and 900 000 for provisioned environments. */
  readonly initTimeoutMs?: number;
  /** Host milliseconds that the credentials of an environment are valid; it ends before them. Default 12 hours. */
  readonly lifetimeMs?: number;
  /** Host milliseconds that an invocation waits for somebody to poll, where it cannot run the function's own code; default 10 000. */
  readonly attachWaitMs?: number;
  /** World milliseconds after which an idle environment is ended; default 600 000. */
  readonly idleTimeoutMs?: number;
  /** A new UUID; default `crypto.randomUUID`. */
  readonly newId?: () => string;
}

/** The environments that are to be there before anybody invokes. */
export interface ProvisionedEnvironments {
  readonly requested: number;
  /** How many of them are initialized. */
  readonly available: number;
  /** Whether one could not initialize: no more are started then. */
  readonly failed: boolean;
}

/**
 * The execution environments of one version of a function: those that run its code, and as many as there are polls of processes
 * that run it from outside. While there are polls, they get the invocations.
 */
export interface EnvironmentPool {
  /**
   * Runs one event. Function errors are outcomes; it rejects only with {@link RuntimeClosedError}, {@link NoEnvironmentError} and
   * {@link NobodyAttachedError}.
   */
  invoke(request: InvokeRequest): Promise<InvokeOutcome>;
  /** How many environments exist. */
  readonly environments: number;
  /** How many of them are polls from outside. */
  readonly attached: number;
  /** What has come of {@link provision}. */
  readonly provisioned: ProvisionedEnvironments;
  /**
   * From now on keeps that many environments initialized (`provisioned-concurrency`), which get invocations before others do; 0
   * for none. Those that are too many end when what they run has ended. Does nothing where there is no code to run.
   */
  provision(count: number): void;
  /** Takes a poll of the Runtime API from a process that runs the function from outside; use {@link serveAttached}. */
  attach(exchange: AttachedExchange): void;
  /** Takes a poll of a process that has answered an invocation of this pool; tells whether there is one. */
  poll(exchange: AttachedExchange): boolean;
  /** Takes the answer to an invocation; tells whether such a process has it. */
  answer(exchange: AttachedExchange, requestId: string, kind: "response" | "error"): boolean;
  /** Stops the time limits of those processes, while a debugger holds them. */
  pause(): void;
  /** Lets the time limits go on with what they have left. */
  resume(): void;
  /** Takes no new events, lets the accepted ones finish, then ends all environments. */
  close(): Promise<void>;
}

/** Runs functions; see {@link createLambdaRuntime}. */
export interface LambdaRuntime {
  createPool(spec: FunctionSpec): EnvironmentPool;
  /** Ends everything at once and waits until the processes are gone. Accepted invocations reject. */
  close(): Promise<void>;
  /** Kills all processes and their children without waiting, for a host's `exit` event. */
  killAll(): void;
}

/** An invocation was given to, or lost with, a pool that is closed. */
export class RuntimeClosedError extends Error {
  constructor(functionName: string) {
    super(`The runtime of function ${functionName} is closed`);
    this.name = "RuntimeClosedError";
  }
}

/** An invocation was not begun: nobody is attached to the function, and it has no code of its own. */
export class NobodyAttachedError extends Error {
  constructor(functionName: string, waitedMs: number) {
    super(
      `Nobody polls for the invocations of function ${functionName}: no handler was attached within ${waitedMs / 1000} s`,
    );
    this.name = "NobodyAttachedError";
  }
}

/** An invocation was not begun, because its environment could not be made: the disk is full, for example. `cause` is why. */
export class NoEnvironmentError extends Error {
  constructor(functionName: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`No environment could be made for function ${functionName}: ${reason}`, { cause });
    this.name = "NoEnvironmentError";
  }
}
