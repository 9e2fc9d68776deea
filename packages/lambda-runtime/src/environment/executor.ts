import type { FunctionSpec } from "../contract.ts";
import type { HostTime } from "../ports.ts";
import type { Telemetry } from "../telemetry-api/telemetry.ts";
import type { Delivery } from "../runtime-api/lane.ts";
import type { RuntimeApiEvents } from "../runtime-api/runtime-api.ts";

/** Runs functions: as child processes, or as whatever else can be handed an invocation and answer it. */
export interface Executor {
  launch(launch: Launch, events: ExecutionEvents): Execution;
}

export interface Launch {
  readonly spec: FunctionSpec;
  /** Resolves when the function's files are where the spec says; undefined where they are already. */
  readonly filled: Promise<void> | undefined;
  readonly hostTime: HostTime;
  readonly logStream: string;
  /** What stands for `/tmp` of a process; it outlives the execution. Containers have their own, which do not. */
  readonly temporaryDirectory: string;
  readonly maxConcurrency: number;
  /** Who its processes are; undefined for this process's user. */
  readonly user: number | undefined;
  /** A new UUID. */
  readonly newId: () => string;
  /** Takes the subscriptions of extensions. */
  readonly telemetry: Telemetry;
}

/** After `kill`, or an `end` that takes no time, only `exited` or `detached` is still reported. */
export interface ExecutionEvents extends RuntimeApiEvents {
  /** It runs; `pid` is 0 where there is no process of its own. */
  started(pid: number): void;
  /** Something was written. `timestamp` is the writer's own, if it told it. */
  output(source: "function" | "extension", message: string, timestamp: number | undefined): void;
  /** The runtime asks for more, though extensions may still be busy with the invocation. */
  runtimeDone(requestId: string): void;
  /** The extensions as they are when the init phase ends. */
  extensions(extensions: readonly ExtensionDescription[]): void;
  /** It ended by itself, and what was beside it is being ended; `exited` follows. */
  crashed(exit: ExecutionExit): void;
  /** It is gone and its output was read; nothing follows. Called once, whatever happens, unless `detached` is. */
  exited(exit: ExecutionExit): void;
  /** What ran it from outside is gone, and nothing can be launched in its place; nothing follows. */
  detached(): void;
}

export interface ExtensionDescription {
  readonly name: string;
  readonly state: string;
  readonly events: readonly string[];
  readonly errorType?: string;
}

/** How an execution ended: by itself with a code, by a signal, or before it ran. */
export interface ExecutionExit {
  readonly code: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  /** The process could not be started. */
  readonly spawnError: Error | undefined;
  /** An extension made it end. */
  readonly extension?: { readonly errorType: string; readonly message: string };
}

export interface Execution {
  readonly pid: number;
  /** Hands over an invocation; allowed once for each `ready`. */
  deliver(delivery: Delivery): void;
  /** The answer to an invocation counts no more. */
  giveUp(requestId: string): void;
  /** Ends it, within the time that its extensions have for that. */
  end(why: "spindown" | "timeout" | "failure"): void;
  /** Ends it at once. */
  kill(): void;
}
