import { mkdtemp, readdir, rm } from "node:fs/promises";
import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "../emulator/command-line.ts";
import { kinesisTarget, rawRequest, signature } from "../emulator/raw-http.ts";

/** How long a good call may take right after bad input, in milliseconds. */
const goodCallMs = 5_000;

/** How many good calls may pass until what bad input had opened is closed again. */
const mostSettlingCalls = 2_000;

/** Descriptors that the process may keep, e.g. of connections that a client keeps alive. */
const spareDescriptors = 8;

/** What a process holds, as the system tells; zeros where it does not. */
export interface Holdings {
  readonly descriptors: number;
  readonly residentMiB: number;
}

/** The emulator in a process of its own, which bad input is sent to and which is asked after it whether all is well. */
export class EmulatorUnderFire implements AsyncDisposable {
  readonly endpoint: string;
  readonly #command: Command;
  readonly #directory: string;
  #end: string | undefined;
  /** Bugs that were told already, of which the timeline still knows. */
  #toldUpTo = 0;

  private constructor(command: Command, endpoint: string, directory: string) {
    this.#command = command;
    this.endpoint = endpoint;
    this.#directory = directory;
    void command.ended.then(({ code, errors }) => (this.#end = `it ended with code ${code}: ${errors}`));
  }

  static async start(): Promise<EmulatorUnderFire> {
    const directory = await mkdtemp(join(tmpdir(), "fuzz-"));
    const command = new Command(["start", "--port", "0"], {
      LOCALEMU_TMPDIR: directory,
      PATH: process.env["PATH"] ?? "",
    });
    return new EmulatorUnderFire(command, await command.ready, directory);
  }

  get holdings(): Holdings {
    if (process.platform !== "linux" || this.#end !== undefined) return { descriptors: 0, residentMiB: 0 };
    const status = readFileSync(`/proc/${this.#command.pid}/status`, "utf8");
    const resident = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
    return { descriptors: readdirSync(`/proc/${this.#command.pid}/fd`).length, residentMiB: resident / 1024 };
  }

  /** Whether the process has ended, which none of the input may bring about. */
  get ended(): boolean {
    return this.#end !== undefined;
  }

  /** Rejects when the process has ended, does not answer, answers wrongly or has met a bug since it was last asked. */
  async assertWell(): Promise<void> {
    if (this.#end !== undefined) throw new Error(this.#end);
    await this.#goodCall();
    const bugs = await this.#bugs();
    if (bugs.length > 0) throw new Error(`it met ${bugs.length} bugs of its own, first: ${bugs[0]}`);
    const strays = (await readdir(this.#directory)).filter((name) => !name.startsWith("localemu-"));
    if (strays.length > 0) throw new Error(`it wrote outside of its directory: ${strays.join(", ")}`);
  }

  /** Rejects when the process keeps more open than it had, however many good calls come after. */
  async assertClosed(before: Holdings): Promise<void> {
    const most = before.descriptors + spareDescriptors;
    for (let call = 0; this.holdings.descriptors > most; call++) {
      if (call >= mostSettlingCalls) {
        throw new Error(
          `it keeps ${this.holdings.descriptors} descriptors open; before there were ${before.descriptors}`,
        );
      }
      await this.#goodCall();
    }
  }

  /** Ends what bad input has made, functions' processes above all. */
  async reset(): Promise<void> {
    const { status, body } = await rawRequest(`${this.endpoint}/_localemu/reset`, {});
    if (status !== 200) throw new Error(`the reset was answered with ${status} ${body}`);
    this.#toldUpTo = 0;
    await this.assertWell();
  }

  /** Ends it as a user does; rejects unless it goes in peace and has complained of nothing. */
  async stop(): Promise<void> {
    this.#command.signal("SIGTERM");
    const { code, errors } = await this.#command.ended;
    if (code !== 0 || errors !== "") throw new Error(`it ended with code ${code} and said: ${errors}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#command[Symbol.asyncDispose]();
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #goodCall(): Promise<void> {
    const call = rawRequest(this.endpoint, {
      headers: {
        ...signature("kinesis"),
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `${kinesisTarget}.ListStreams`,
      },
      body: "{}",
    });
    const { status, body } = await within(goodCallMs, call, "a good call was not answered");
    if (status !== 200) throw new Error(`a good call was answered with ${status} ${body}`);
  }

  async #bugs(): Promise<string[]> {
    const { body } = await rawRequest(`${this.endpoint}/_localemu/timeline?after=${this.#toldUpTo}`, { method: "GET" });
    const entries: { id: number; type: string }[] = body
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
    this.#toldUpTo = entries.at(-1)?.id ?? this.#toldUpTo;
    return entries.filter(({ type }) => type === "internalError").map((entry) => JSON.stringify(entry));
  }
}

/** Rejects with `complaint` when `promise` takes longer. */
export async function within<Value>(milliseconds: number, promise: Promise<Value>, complaint: string): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${complaint} within ${milliseconds} ms`)), milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
