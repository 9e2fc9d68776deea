import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Step, StepReport, WorkName } from "./client.ts";

/** A client in a process of its own. */
export class ClientProcess implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** @param bare A server that does nothing, to measure the machine by. */
  static async start(endpoint: string, bare: string, work: WorkName, seed: number): Promise<ClientProcess> {
    const child = fork(fileURLToPath(new URL("client.ts", import.meta.url)), [endpoint, bare, work, String(seed)], {
      execArgv: ["--disable-warning=ExperimentalWarning"],
    });
    const client = new ClientProcess(child);
    await client.#message();
    return client;
  }

  /** Takes a step; what came of it. */
  async take(step: Step): Promise<StepReport> {
    const report = this.#message<StepReport>();
    this.#child.send(step);
    return await report;
  }

  #message<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      const gone = (code: number | null): void => reject(new Error(`a client ended with code ${code}`));
      this.#child.once("exit", gone);
      this.#child.once("message", (message: T) => {
        this.#child.off("exit", gone);
        resolve(message);
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}
