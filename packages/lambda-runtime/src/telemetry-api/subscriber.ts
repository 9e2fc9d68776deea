import type { HostTime } from "../ports.ts";
import { openReceiver, type Receiver } from "./receiver.ts";
import type { Subscription } from "./subscription.ts";

/** How many batches may wait for a slow receiver before events are dropped. */
const MAX_WAITING = 16;

interface Batch {
  readonly events: string[];
  bytes: number;
}

/** One subscriber: gathers events into batches and sends them one after the other. */
export class Subscriber {
  readonly subscription: Subscription;
  readonly #hostTime: HostTime;
  readonly #onDropped: (records: number, bytes: number, reason: string) => void;
  #batch: Batch = { events: [], bytes: 0 };
  #cancelTimer: (() => void) | undefined;
  #waiting = 0;
  readonly #closing = new AbortController();
  readonly #receiver: Receiver;
  #sent: Promise<void> = Promise.resolve();

  constructor(
    subscription: Subscription,
    hostTime: HostTime,
    onDropped: (records: number, bytes: number, reason: string) => void,
  ) {
    this.subscription = subscription;
    this.#hostTime = hostTime;
    this.#onDropped = onDropped;
    this.#receiver = openReceiver(subscription.destination, this.#closing.signal);
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
      await this.#receiver(batch.events);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      const why = error instanceof Error ? error.message : String(error);
      this.#onDropped(batch.events.length, batch.bytes, `could not send events: ${why}`);
    }
    this.#waiting -= 1;
  }
}
