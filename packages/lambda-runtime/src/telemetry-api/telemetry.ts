import type { HostTime } from "../ports.ts";
import { Subscriber } from "./subscriber.ts";
import type { Subscription, TelemetryCategory } from "./subscription.ts";

/** The least severe level at which the platform's log with JSON format has an event. */
export type SystemLogLevel = "DEBUG" | "INFO" | "WARN";

/** Something that the platform tells: to subscribers as a record, and to the log. */
export interface PlatformEvent {
  /** For example `platform.start`. */
  readonly type: string;
  readonly record: object;
  /** With JSON format. */
  readonly level: SystemLogLevel;
  /** Its line with text format, if it has one. */
  readonly text?: string;
}

interface Kept {
  readonly category: TelemetryCategory;
  readonly time: string;
  readonly type: string;
  readonly record: unknown;
}

/** How many events are kept for those who will subscribe. */
const MAX_KEPT = 1000;

/** What extensions are told about one environment. AWS: whoever subscribes while it initializes is told all from the start. */
export class Telemetry {
  readonly #hostTime: HostTime;
  /** World time. */
  readonly #now: () => number;
  #subscribers: Subscriber[] = [];
  #kept: Kept[] = [];
  #open = true;

  constructor(hostTime: HostTime, now: () => number) {
    this.#hostTime = hostTime;
    this.#now = now;
  }

  /** Whether one may still subscribe. */
  get open(): boolean {
    return this.#open;
  }

  /** Whether anybody is told, or may be. */
  get active(): boolean {
    return this.#open || this.#subscribers.length > 0;
  }

  /** A new process: nobody has subscribed. */
  reopen(): void {
    this.#forget();
    this.#open = true;
  }

  /** The runtime has asked for its first invocation: who has not subscribed will not. */
  closeSubscription(): void {
    this.#open = false;
    this.#kept = [];
  }

  subscribe(name: string, subscription: Subscription): void {
    const subscriber = new Subscriber(subscription, this.#hostTime, (droppedRecords, droppedBytes, reason) =>
      this.platform({ type: "platform.logsDropped", record: { droppedRecords, droppedBytes, reason }, level: "WARN" }),
    );
    for (const event of this.#kept) {
      offer(subscriber, event);
    }
    this.#subscribers.push(subscriber);
    const record = { name, state: "Subscribed", types: subscription.types };
    this.platform({ type: "platform.telemetrySubscription", record, level: "INFO" });
  }

  platform({ type, record }: PlatformEvent): void {
    this.#tell("platform", type, record, this.#now());
  }

  /** A line that was written; with JSON format one that is an object is told as such. */
  line(category: "function" | "extension", message: string, isJson: boolean, timestamp = this.#now()): void {
    if (!this.active) return;
    const text = message.replace(/\n$/, "");
    this.#tell(category, category, isJson ? parsed(text) : text, timestamp);
  }

  /** Sends what is there; resolves when it was taken or is lost. */
  async flush(): Promise<void> {
    await Promise.all(this.#subscribers.map((subscriber) => subscriber.flush()));
  }

  close(): void {
    this.#forget();
    this.#open = false;
  }

  #forget(): void {
    for (const subscriber of this.#subscribers) {
      subscriber.close();
    }
    this.#subscribers = [];
    this.#kept = [];
  }

  #tell(category: TelemetryCategory, type: string, record: unknown, timestamp: number): void {
    if (!this.active) return;
    const event: Kept = { category, time: new Date(timestamp).toISOString(), type, record };
    if (this.#open && this.#kept.length < MAX_KEPT) {
      this.#kept.push(event);
    }
    for (const subscriber of this.#subscribers) {
      offer(subscriber, event);
    }
  }
}

function offer(subscriber: Subscriber, { category, time, type, record }: Kept): void {
  const { types, schemaVersion } = subscriber.subscription;
  if (!types.includes(category)) return;
  // AWS: the first version of the schema knows lines as text only (AWS docs).
  const asText = category !== "platform" && schemaVersion === "2022-07-01" && typeof record !== "string";
  subscriber.add(JSON.stringify({ time, type, record: asText ? JSON.stringify(record) : record }));
}

function parsed(text: string): unknown {
  if (!text.startsWith("{")) return text;
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}
