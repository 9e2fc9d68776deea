import type { FunctionSpec } from "../contract.ts";
import type { Launch } from "../environment/executor.ts";
import type { RuntimeProcess } from "./launch-process.ts";
import type { TakeMessage } from "./log-reader.ts";

/** Where and how the programs of executions run. */
export interface Site {
  /** The address of ours that their APIs listen on, and what the programs call it; asked before a program is started. */
  place(spec: FunctionSpec): Promise<{ readonly bind: string; readonly host: string }>;
  /** The files of the extensions that are started beside the runtime, in the order of their names. */
  findExtensions(spec: FunctionSpec): Promise<readonly string[]>;
  /** The variables of the runtime, whose API is at `runtimeApi`, `host:port`. */
  environment(launch: Launch, runtimeApi: string): Record<string, string>;
  /** Starts the runtime. Throws what `exited` may tell as well: why it cannot be started. */
  start(launch: Launch, options: StartOptions): RuntimeProcess;
  /** Starts an extension; a word says why it cannot be started. */
  startExtension(launch: Launch, file: string, options: StartOptions): RuntimeProcess | string;
  /** Begins to end what the programs have left behind, when all of them have ended. Nothing where that is done anyway. */
  leave?(launch: Launch): void;
  /** Resolves when nothing is left of programs that were launched in the same place before; it never rejects. */
  left?(launch: Launch): Promise<void> | undefined;
  /** Stops the programs when nobody has used them for a time; undefined where they go on. */
  readonly freezer?: Freezer;
}

/** Stops programs where they are, and lets them go on. */
export interface Freezer {
  /** Host milliseconds without use after which they are frozen. */
  readonly afterMs: number;
  freeze(): void;
  thaw(): void;
}

export interface StartOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly onMessage: TakeMessage;
  /** Called when it runs that had no process id at first. */
  readonly onStarted: () => void;
}
