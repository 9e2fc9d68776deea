import type { Runtime } from "@aws-sdk/client-lambda";
import { invalidParameter } from "../lambda-error.ts";
import { bringsExecutable } from "../runtimes.ts";

/** Knows whether functions that are executables can run from the directory for functions' code. */
export class Executables {
  readonly #directory: string;
  readonly #mayExecuteIn: (directory: string) => Promise<boolean>;
  #possible: Promise<boolean> | undefined;

  /** @param mayExecuteIn Asked once, when the first such function is made. */
  constructor(directory: string, mayExecuteIn: (directory: string) => Promise<boolean>) {
    this.#directory = directory;
    this.#mayExecuteIn = mayExecuteIn;
  }

  /** Refuses a function that could never run: every invocation of it would fail with `permission denied`. */
  async refuse(runtime: Runtime | undefined): Promise<void> {
    if (!bringsExecutable(runtime)) return;
    this.#possible ??= this.#mayExecuteIn(this.#directory);
    if (await this.#possible) return;
    throw invalidParameter(
      `LocalEmu cannot run functions of the runtime ${runtime}: nothing can be executed in ${this.#directory}, which is mounted noexec. ` +
        "Run the container with --tmpfs /tmp:exec, or name another directory in LOCALEMU_TMPDIR.",
    );
  }
}
