import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

export const program = fileURLToPath(new URL("../../packages/emulator/dist/main.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

export interface CommandPlace {
  /** Where it runs; default the test's. */
  readonly directory?: string;
  /** A program that is given the command, and what it is given before that. */
  readonly before?: readonly string[];
}

/** The program `localemu` in a process of its own; killed at the end if it still runs. */
export class Command implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #waits: { readonly pattern: RegExp; readonly found: (groups: readonly string[]) => void }[] = [];
  #look = (): void => {};
  readonly ended: Promise<Ended>;
  /** The endpoint that it printed, once it is ready; rejects when it ends before that. */
  readonly ready: Promise<string>;

  constructor(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    input = "",
    { directory = process.cwd(), before = [] }: CommandPlace = {},
  ) {
    const [file = process.execPath, ...rest] = [...before, process.execPath, program, ...args];
    // The environment is clean: what the machine has set must not change what is tested.
    const child = spawn(file, rest, { env: environment, stdio: ["pipe", "pipe", "pipe"], cwd: directory });
    child.stdin.end(input);
    this.#child = child;
    let output = "";
    let errors = "";
    const look = (): void => {
      for (const wait of this.#waits) {
        const found = wait.pattern.exec(output);
        if (found !== null) wait.found(found.slice(1));
      }
    };
    this.#look = look;
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const ready = Promise.withResolvers<string>();
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      look();
      const endpoint = /^LocalEmu \S+ listens on (\S+)\nReady\.\n$/.exec(output)?.[1];
      if (endpoint !== undefined) ready.resolve(endpoint);
    });
    this.ended = new Promise((resolve) => {
      child.once("close", (code) => {
        ready.reject(new Error(`it ended before it was ready: ${errors}`));
        resolve({ code, output, errors });
      });
    });
    this.ready = ready.promise;
    // Who only waits for the end does not care.
    this.ready.catch(() => {});
  }

  /** Resolves to the pattern's groups once what it has printed matches it. */
  printed(pattern: RegExp): Promise<readonly string[]> {
    return new Promise((found) => {
      this.#waits.push({ pattern, found });
      this.#look();
    });
  }

  /** From now on nobody reads what it prints, as after `| head`. */
  stopReading(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }
}
