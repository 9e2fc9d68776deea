import type { RuntimeLog } from "../ports.ts";

const TAIL_BYTES = 4096;

/** The log stream of one environment; remembers the end of what the current invocation wrote. */
export class EnvironmentLog {
  readonly stream: string;
  readonly #group: string;
  readonly #log: RuntimeLog | undefined;
  readonly #now: () => number;
  #tail: string[] = [];
  #tailBytes = 0;

  constructor(group: string, stream: string, log: RuntimeLog | undefined, now: () => number) {
    this.#group = group;
    this.stream = stream;
    this.#log = log;
    this.#now = now;
  }

  write(message: string, timestamp: number = this.#now()): void {
    this.#log?.write({ group: this.#group, stream: this.stream, timestamp, message });
    this.#tail.push(message);
    this.#tailBytes += Buffer.byteLength(message);
    for (let [first] = this.#tail; first !== undefined; [first] = this.#tail) {
      const rest = this.#tailBytes - Buffer.byteLength(first);
      if (rest < TAIL_BYTES) {
        break;
      }
      this.#tail.shift();
      this.#tailBytes = rest;
    }
  }

  /** Forgets what was written before the invocation that starts now. */
  beginTail(): void {
    this.#tail = [];
    this.#tailBytes = 0;
  }

  /** The last 4 KB since {@link beginTail}. */
  tail(): string {
    const text = this.#tail.join("");
    return this.#tailBytes <= TAIL_BYTES ? text : Buffer.from(text, "utf8").subarray(-TAIL_BYTES).toString("utf8");
  }
}
