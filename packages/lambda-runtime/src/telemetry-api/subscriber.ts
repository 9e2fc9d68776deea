import type { HostTime } from "../ports.ts";
import type { Subscription } from "./subscription.ts";

/** How many batches may wait for a slow receiver before events are dropped. */
const MAX_WAITING = 16;

interface Batch {
  readonly events: string[];
  bytes: number;
}

/** One subscriber: gathers events into batches and posts them one after the other. */
export class Subscriber {
  readonly subscription: Subscription;
  readonly #hostTime: HostTime;
  readonly #onDropped: (records: number, bytes: number, reason: string) => void;
  #batch: Batch = { events: [], bytes: 0 };
  #cancelTimer: (() => void) | undefined;
  #waiting = 0;
  readonly #closing = new AbortController();
  #sent: Promise<void> = Promise.resolve();

  constructor(
    subscription: Subscription,
    hostTime: HostTime,
    onDropped: (records: number, bytes: number, reason: string) => void,
  ) {
    this.subscription = subscription;
    this.#hostTime = hostTime;
    this.#onDropped = onDropped;
  }

  /** Takes an event as JSON text. */
  add(event: string): void {
    const { maxItems, maxBytes, timeoutMs } = this.subscription.buffering;
    this.#batch.events.push(event);
    this.#batch.bytes += Buffer.byteLength(event);
    if (this.#batch.events.length >= maxItems || this.#batch.bytes >= maxBytes) {
      this.#send();
    } else {
      this.#cancelTimer ??= this.#hostTime.setTimeout(() => this.#send(), timeoutMs);
    }
  }

  /** Sends what is there; resolves when the receiver has answered or is lost. */
  flush(): Promise<void> {
    this.#send();
    return this.#sent;
  }

  /** Forgets what was not sent. */
  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#batch = { events: [], bytes: 0 };
    this.#closing.abort();
  }

  #send(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const batch = this.#batch;
    if (batch.events.length === 0) return;
    this.#batch = { events: [], bytes: 0 };
    if (this.#waiting >= MAX_WAITING) {
      // AWS: the reason's text (Runtime Interface Emulator).
      const slow = "Some logs were dropped because the downstream consumer is slower than the logs production rate";
      this.#onDropped(batch.events.length, batch.bytes, slow);
      return;
    }
    this.#waiting += 1;
    this.#sent = this.#sendAfter(this.#sent, batch);
  }

  async #sendAfter(before: Promise<void>, batch: Batch): Promise<void> {
    await before;
    try {
      await post(this.subscription.destination, `[${batch.events.join(",")}]`, this.#closing.signal);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      const why = error instanceof Error ? error.message : String(error);
      this.#onDropped(batch.events.length, batch.bytes, `could not send events: ${why}`);
    }
    this.#waiting -= 1;
  }
}

function post({ host, port, path }: Subscription["destination"], body: string, signal: AbortSignal): Promise<void> {
  const { request } = process.getBuiltinModule("node:http");
  const headers = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const options = { host, port, path, method: "POST", headers, agent: false, signal };
    const outgoing = request(options, (incoming) => {
      const { statusCode = 0 } = incoming;
      incoming.resume();
      incoming.on("error", reject);
      incoming.on("end", () => (statusCode < 400 ? resolve() : reject(new Error(`status ${statusCode}`))));
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
