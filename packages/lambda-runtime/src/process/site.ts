import type { FunctionSpec } from "../contract.ts";
import type { Launch } from "../environment/executor.ts";
import type { RuntimeProcess } from "./launch-process.ts";
import type { TakeMessage } from "./log-reader.ts";

/** Where and how the programs of executions run. */
export interface Site {
  /** The address of ours that their APIs listen on, and what the programs call it; asked before a program is started. */
  place(spec: FunctionSpec): Promise<{ readonly bind: string; readonly host: string }>;
  /** The files of the extensions that are started beside the runtime. */
  findExtensions(spec: FunctionSpec): readonly string[];
  /** The variables of the runtime, whose API is at `runtimeApi`, `host:port`. */
  environment(launch: Launch, runtimeApi: string): Record<string, string>;
  /** Starts the runtime. Throws what `exited` may tell as well: why it cannot be started. */
  start(launch: Launch, options: StartOptions): RuntimeProcess;
}

export interface StartOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly onMessage: TakeMessage;
  /** Called when it runs that had no process id at first. */
  readonly onStarted: () => void;
}
