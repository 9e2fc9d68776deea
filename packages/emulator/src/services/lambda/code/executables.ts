import type { Runtime } from "@aws-sdk/client-lambda";
import { executorOf } from "../invoke/executor-of.ts";
import type { Executors } from "../invoke/executor-of.ts";
import { invalidParameter } from "../lambda-error.ts";
import { bringsExecutable } from "../runtimes.ts";

/** Knows whether functions that are executables can run from the directory for functions' code. */
export class Executables {
  readonly #directory: string;
  readonly #mayExecuteIn: (directory: string) => Promise<boolean>;
  #possible: Promise<boolean> | undefined;

  /** @param mayExecuteIn Asked when the first such function is made, and again only after it failed. */
  constructor(directory: string, mayExecuteIn: (directory: string) => Promise<boolean>) {
    this.#directory = directory;
    this.#mayExecuteIn = mayExecuteIn;
  }

  /** Refuses a function that could never run: every invocation of it would fail with `permission denied`. */
  async refuse(runtime: Runtime | undefined, executors: Executors): Promise<void> {
    if (runtime === undefined || !bringsExecutable(runtime) || executorOf(runtime, executors) !== "process") return;
    if (await this.#tried()) return;
    throw invalidParameter(
      `LocalEmu cannot run functions of the runtime ${runtime}: nothing can be executed in ${this.#directory}, which is mounted noexec. ` +
        "Run the container with --tmpfs /tmp:exec, or name another directory in LOCALEMU_TMPDIR.",
    );
  }

  async #tried(): Promise<boolean> {
    this.#possible ??= this.#mayExecuteIn(this.#directory);
    try {
      return await this.#possible;
    } catch (error) {
      // Whoever asks next tries again.
      this.#possible = undefined;
      throw error;
    }
  }
}
