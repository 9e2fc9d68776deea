import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program } from "../emulator/command-line.ts";

/** What a process holds after a garbage collection. */
export interface Holdings {
  /** Bytes. */
  readonly rss: number;
  /** Bytes. */
  readonly heapUsed: number;
  /** Bytes, of buffers. */
  readonly external: number;
  /** What keeps it alive, by kind: sockets, timers, child processes. */
  readonly resources: Readonly<Record<string, number>>;
}

/** The emulator as users start it, in a process of its own that can be asked what it holds. */
export class EmulatorProcess implements AsyncDisposable {
  readonly endpoint: string;
  readonly #child: ChildProcess;
  readonly #directory: string;
  readonly #ended: Promise<readonly [code: number | null, errors: string]>;

  private constructor(child: ChildProcess, directory: string, endpoint: string, ended: EmulatorProcess["end"]) {
    this.#child = child;
    this.#directory = directory;
    this.endpoint = endpoint;
    this.#ended = ended;
  }

  static async start(args: readonly string[]): Promise<EmulatorProcess> {
    const directory = await mkdtemp(join(tmpdir(), "soak-"));
    const child = fork(program, ["start", "--port", "0", ...args], {
      execArgv: ["--expose-gc", "--import", new URL("probe.mjs", import.meta.url).href],
      // A clean one: what the machine has set must not change what is tested.
      env: { LOCALEMU_TMPDIR: directory, PATH: process.env["PATH"] ?? "" },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    let errors = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (errors += text));
    const ended = once(child, "close").then(([code]: (number | null)[]) => [code ?? null, errors] as const);
    const endpoint = new Promise<string>((resolve, reject) => {
      let output = "";
      child.stdout?.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        const found = /^LocalEmu \S+ listens on (\S+)\nReady\.\n$/.exec(output)?.[1];
        if (found !== undefined) resolve(found);
      });
      void ended.then(() => reject(new Error(`it ended before it was ready: ${errors}`)));
    });
    return new EmulatorProcess(child, directory, await endpoint, ended);
  }

  /** Its exit code and what it complained of, once it has ended. */
  get end(): Promise<readonly [code: number | null, errors: string]> {
    return this.#ended;
  }

  async holdings(): Promise<Holdings> {
    const answered = once(this.#child, "message");
    this.#child.send("holdings");
    const [holdings]: Holdings[] = await answered;
    if (holdings === undefined) throw new Error("the emulator does not tell what it holds");
    return holdings;
  }

  /** Open files and sockets. */
  descriptors(): number {
    return readdirSync(`/proc/${this.#child.pid}/fd`).length;
  }

  /** Its children, their children and so on. */
  processes(): readonly number[] {
    const parents = new Map(readdirSync("/proc").flatMap((name) => parentOf(Number(name))));
    const isOurs = (pid: number | undefined): boolean =>
      pid !== undefined && (pid === this.#child.pid || isOurs(parents.get(pid)));
    return [...parents.keys()].filter((pid) => pid !== this.#child.pid && isOurs(pid));
  }

  /** Files and directories of functions, below the directory of the emulator itself. */
  files(): readonly string[] {
    return readdirSync(this.#directory, { recursive: true, encoding: "utf8" });
  }

  stop(): void {
    this.#child.kill("SIGTERM");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** None where the process has ended by now. */
function parentOf(pid: number): readonly (readonly [number, number])[] {
  if (!Number.isInteger(pid)) return [];
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return [[pid, Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])]];
  } catch {
    return [];
  }
}
