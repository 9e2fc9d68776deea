import type { RuntimeLog } from "../ports.ts";
import type { PlatformEvent, SystemLogLevel, Telemetry } from "../telemetry-api/telemetry.ts";

const TAIL_BYTES = 4096;
const LEVELS: readonly SystemLogLevel[] = ["DEBUG", "INFO", "WARN"];

export interface EnvironmentLogOptions {
  readonly group: string;
  readonly stream: string;
  readonly log: RuntimeLog | undefined;
  /** World time. */
  readonly now: () => number;
  readonly telemetry: Telemetry;
  readonly format: "Text" | "JSON";
  readonly systemLogLevel: SystemLogLevel;
}

/** The log stream of one environment, and its telemetry; remembers the end of what the current invocation wrote. */
export class EnvironmentLog {
  readonly #options: EnvironmentLogOptions;
  #tail: string[] = [];
  #tailBytes = 0;

  constructor(options: EnvironmentLogOptions) {
    this.#options = options;
  }

  get stream(): string {
    return this.#options.stream;
  }

  get telemetry(): Telemetry {
    return this.#options.telemetry;
  }

  get now(): number {
    return this.#options.now();
  }

  /** Whether anybody reads platform events that have no line with text format. */
  get detailed(): boolean {
    return this.#options.format === "JSON" || this.#options.telemetry.active;
  }

  /** Something that the function or an extension wrote, with its own time if it told it. */
  output(source: "function" | "extension", message: string, timestamp?: number): void {
    const { format, telemetry } = this.#options;
    this.#write(message, timestamp);
    telemetry.line(source, message, format === "JSON", timestamp);
  }

  /** Tells subscribers and the log. */
  platform(event: PlatformEvent): void {
    this.#options.telemetry.platform(event);
    this.platformLine(event);
  }

  /** Tells the log alone. */
  platformLine({ type, record, level, text }: PlatformEvent): void {
    const { format, systemLogLevel } = this.#options;
    if (format === "JSON") {
      if (LEVELS.indexOf(level) >= LEVELS.indexOf(systemLogLevel)) {
        this.#write(`${JSON.stringify({ time: new Date(this.now).toISOString(), type, record })}\n`);
      }
    } else if (text !== undefined) {
      this.#write(text);
    }
  }

  /** A line that there is with text format only. */
  textLine(text: string): void {
    if (this.#options.format === "Text") {
      this.#write(text);
    }
  }

  /** What the platform says of a failure. Assumed: with JSON format it looks as a message of the function does. */
  failure(text: string, requestId?: string): void {
    if (this.#options.format === "Text") {
      this.#write(text);
    } else {
      const message = text.trimEnd();
      const timestamp = new Date(this.now).toISOString();
      this.#write(`${JSON.stringify({ timestamp, level: "ERROR", requestId, message })}\n`);
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

  #write(message: string, timestamp: number = this.now): void {
    const { log, group, stream } = this.#options;
    log?.write({ group, stream, timestamp, message });
    this.#tail.push(message);
    this.#tailBytes += Buffer.byteLength(message);
    while (this.#tailBytes > TAIL_BYTES) {
      const rest = this.#tailBytes - Buffer.byteLength(this.#tail[0] ?? "");
      if (rest < TAIL_BYTES) return;
      this.#tail.shift();
      this.#tailBytes = rest;
    }
  }
}
