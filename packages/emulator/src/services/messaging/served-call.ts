import type { Activity, ActivityToken } from "../../activity.ts";
import type { Clock } from "../../core/clock.ts";
import type { MessagingCall } from "./ports.ts";
import type { ServedBy } from "./world-time.ts";

/** One call under way: activity of its world, except while it is parked in a long poll. */
export class ServedCall implements ServedBy {
  readonly clock: Clock;
  readonly origin: string;
  readonly traceHeader: string | undefined;
  readonly region: string;
  readonly requestId: string;
  readonly poll = { parked: (end: () => void) => this.#park(end), resumed: () => this.#resume() };
  readonly #activity: Activity;
  readonly #label: string;
  readonly #signal: AbortSignal;
  #token: ActivityToken;
  #onAbort: (() => void) | undefined;

  constructor(
    world: { readonly clock: Clock; readonly activity: Activity },
    label: string,
    { origin, region, requestId, trace, signal }: MessagingCall,
  ) {
    this.clock = world.clock;
    this.origin = origin;
    this.traceHeader = trace?.given;
    this.region = region;
    this.requestId = requestId;
    this.#activity = world.activity;
    this.#label = label;
    this.#signal = signal;
    this.#token = world.activity.begin(label);
  }

  done(): void {
    this.#token.release();
  }

  #park(end: () => void): void {
    this.#onAbort = end;
    this.#signal.addEventListener("abort", end, { once: true });
    this.#token.release();
  }

  /** Called by whoever ends the wait, within its own activity: the count does not pass through 0. */
  #resume(): void {
    if (this.#onAbort === undefined) return;
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.#onAbort = undefined;
    this.#token = this.#activity.begin(this.#label);
  }
}
