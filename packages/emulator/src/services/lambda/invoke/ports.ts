import type { AttachedExchange, EnvironmentPool, ProvisionedEnvironments } from "@localemu/lambda-runtime";
import type { FunctionCredentials } from "../ports.ts";

/** What Lambda needs from whatever runs functions. */
export interface FunctionRuntime {
  /** Makes a pool without starting anything: environments start with invocations. */
  createPool(spec: PoolSpec): FunctionPool;
}

/** One version of a function as it was deployed: its environments share code and configuration. */
export interface PoolSpec {
  readonly functionName: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly region: string;
  readonly runtime: string;
  readonly handler: string;
  readonly memorySizeMb: number;
  readonly timeoutMs: number;
  /** The container image that is the function or runs it, and what it is started with instead of what it says itself. */
  readonly image?: {
    readonly id: string;
    readonly entryPoint?: readonly string[] | undefined;
    readonly command?: readonly string[] | undefined;
    readonly workingDirectory?: string | undefined;
  };
  /** Directory with the unpacked code. */
  readonly taskRoot: string;
  /** Whether that is somebody else's directory, which is used where it is. */
  readonly codeInPlace: boolean;
  /** Directory with what the layers have, for `/opt`. */
  readonly optRoot?: string;
  /** False when whoever attaches is all that can run it. */
  readonly hasCode: boolean;
  /** The function's own variables; the reserved ones are the runtime's. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the world injects; the function's own variables come before them. */
  readonly defaultEnvironment: Readonly<Record<string, string>>;
  readonly credentials: FunctionCredentials;
  readonly logGroup: string;
  readonly logFormat: "Text" | "JSON";
  /** The least severe levels, with JSON format: of the function's messages, and of the platform's events. */
  readonly logLevel: string;
  readonly systemLogLevel: "DEBUG" | "INFO" | "WARN";
  /** Takes each event of the environments' log streams. `timestamp` is world time, milliseconds since the epoch. */
  readonly onLog: (stream: string, timestamp: number, message: string) => void;
  readonly onEnvironment: (event: EnvironmentEvent) => void;
}

export type EnvironmentEvent =
  /** It begins to initialize: `ready` or `stopped` follows in any case. */
  | { readonly type: "starting"; readonly environment: string }
  | { readonly type: "started"; readonly environment: string }
  | { readonly type: "ready"; readonly environment: string; readonly initMs: number }
  | {
      readonly type: "initFailed";
      readonly environment: string;
      readonly error: string;
      /** What was written until then, a line each. */
      readonly output: readonly string[];
    }
  | { readonly type: "stopped"; readonly environment: string; readonly reason: string };

/** A request to the Runtime API of a process that runs a function from outside. */
export type RuntimeExchange = AttachedExchange;

export interface FunctionPool {
  /** For processes that run the function from outside. */
  readonly outside: Pick<EnvironmentPool, "attached" | "attach" | "poll" | "answer" | "pause" | "resume">;
  /** The environments that are to be there before anybody invokes. */
  readonly provisioned: ProvisionedEnvironments;
  /** Keeps that many of them from now on. */
  provision(count: number): void;
  invoke(invocation: PoolInvocation): Promise<PoolOutcome>;
  /** Lets running invocations finish, then ends the environments. */
  close(): Promise<void>;
  /** Ends the environments at once; running invocations end as `failed` or as an exit. */
  kill(): Promise<void>;
}

export interface PoolInvocation {
  readonly requestId: string;
  /** The ARN in the form that the caller used. */
  readonly invokedFunctionArn: string;
  readonly payload: Uint8Array;
  /** JSON text. */
  readonly clientContext: string | undefined;
  /** The value of `X-Amzn-Trace-Id`. */
  readonly traceId?: string | undefined;
  /** Called when a response begins: what it returns takes the bytes, and the outcome has none of them; all of them if it returns undefined. */
  readonly onResponse?: ((head: ResponseHead) => ResponseSink | undefined) | undefined;
}

/** How a response begins. */
export interface ResponseHead {
  /** Whether the function sends it while it makes it. */
  readonly mode: "buffered" | "streaming";
  readonly contentType: string;
}

export interface ResponseSink {
  /** A longer response is cut off there and fails as `responseTooLarge`. */
  readonly maxBytes: number;
  /** Takes a chunk. While the returned promise is pending, nothing more is read from the function. */
  write(chunk: Uint8Array): Promise<void> | undefined;
}

/** How a function failed: its handler's error, out of time, its process gone, too long an answer, or never initialized. */
export type FunctionErrorKind = "unhandled" | "timeout" | "exit" | "responseTooLarge" | "init";

export type PoolOutcome =
  | (Ended & { readonly kind: "success" })
  | (Ended & { readonly kind: "functionError"; readonly error: FunctionErrorKind })
  /** The platform could not run it: nothing of the function's fault. */
  | { readonly kind: "failed"; readonly message: string };

interface Ended {
  /** The bytes as the function posted them, or the platform's error document; empty when a sink took them. */
  readonly payload: Uint8Array;
  /** As the function named it: a streaming one says here that its metadata come first. */
  readonly contentType: string;
  /** The last 4 KB of what this invocation logged, START to REPORT. */
  readonly logTail: string;
  /** Host time, milliseconds. */
  readonly durationMs: number;
}
