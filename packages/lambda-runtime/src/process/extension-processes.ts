import type { ExecutionExit } from "../environment/executor.ts";
import { MAX_EXTENSIONS, type ExtensionFailure, type Extensions } from "../extensions-api/extensions.ts";
import type { RuntimeProcess } from "./launch-process.ts";

export interface ExtensionProcessesOptions {
  readonly extensions: Extensions;
  /** Starts one; a word says why it cannot be started. */
  readonly launch: (file: string) => RuntimeProcess | string;
}

/** The executables of a layer that run beside the runtime. */
export class ExtensionProcesses {
  readonly #options: ExtensionProcessesOptions;
  readonly #running = new Map<string, RuntimeProcess>();
  readonly #exits: Promise<void>[] = [];

  constructor(options: ExtensionProcessesOptions) {
    this.#options = options;
  }

  /** The process id of the first one, or 0. */
  get pid(): number {
    const [first] = this.#running.values();
    return first?.pid ?? 0;
  }

  /** Starts them all; returns what kept one from being started. */
  start(files: readonly string[]): ExtensionFailure | undefined {
    const { extensions } = this.#options;
    if (files.length > MAX_EXTENSIONS) {
      return launchError("TooManyExtensions", files[MAX_EXTENSIONS] ?? "");
    }
    for (const file of files) {
      const name = nameOf(file);
      extensions.addExternal(name);
      const started = this.#start(file, name);
      if (started !== undefined) return started;
    }
    return undefined;
  }

  /** Kills those that do not want to be told of the shutdown, and tells the others. */
  shutDown(reason: string, deadlineMs: number): void {
    const { extensions } = this.#options;
    for (const [name, running] of this.#running) {
      if (!extensions.subscribes(name, "SHUTDOWN")) running.kill();
    }
    extensions.tell({ eventType: "SHUTDOWN", shutdownReason: reason, deadlineMs });
  }

  kill(): void {
    for (const running of this.#running.values()) {
      running.kill();
    }
  }

  /** Resolves when all are gone. */
  async exited(): Promise<void> {
    await Promise.all(this.#exits);
  }

  #start(file: string, name: string): ExtensionFailure | undefined {
    const running = this.#options.launch(file);
    if (typeof running === "string") return launchError(running, file);
    this.#running.set(name, running);
    this.#exits.push(this.#watch(name, running));
    return undefined;
  }

  async #watch(name: string, running: RuntimeProcess): Promise<void> {
    const exit = await running.exited;
    this.#running.delete(name);
    this.#options.extensions.crashed(name, failureOf(exit, name));
  }
}

/** AWS: what lies in `/opt/extensions` itself, in the order of the names (AWS docs). */
export function findExtensions(optRoot: string | undefined): string[] {
  if (optRoot === undefined) return [];
  const directory = `${optRoot}/extensions`;
  const { existsSync, readdirSync } = process.getBuiltinModule("node:fs");
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `${directory}/${entry.name}`)
    .toSorted((one, other) => (one < other ? -1 : 1));
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf("/") + 1);
}

// Assumed: the text; the words for the reasons are the platform's (Runtime Interface Emulator).
function launchError(reason: string, file: string): ExtensionFailure {
  return { errorType: "Extension.LaunchError", message: `extension ${nameOf(file)} could not be started: ${reason}` };
}

/** A container tells only later that its program cannot be started. */
function failureOf(exit: ExecutionExit, file: string): ExtensionFailure {
  const { spawnError } = exit;
  if (spawnError === undefined) return { errorType: "Extension.Crash", message: describe(exit) };
  return launchError(spawnError.message.endsWith("permission denied") ? "PermissionDenied" : spawnError.message, file);
}

// AWS: "exit code 0" and "exit status 2" (AWS users' reports).
function describe({ code, signal }: ExecutionExit): string {
  if (signal !== undefined) return `signal: ${signal === "SIGKILL" ? "killed" : signal}`;
  return code === undefined || code === 0 ? "exit code 0" : `exit status ${code}`;
}
