import type { Clock, TimerOptions } from "./clock.ts";
import type { HostTime } from "./host-time.ts";
import { TimerQueue } from "./timer-queue.ts";
import type { Timer } from "./timer-queue.ts";

/**
 * `running`: world time passes with host time (from wherever it was set to). `frozen`: it stands still until it is moved.
 * `auto`: it stands still too, and jumps to the next work timer while somebody waits for idle.
 */
export type ClockMode = "running" | "frozen" | "auto";

/** How a clock stands, for the clock that goes on from there. */
export type ClockPlace = {
  readonly mode: ClockMode;
  /** World time, milliseconds since the epoch, that stands still; of a running clock the one that it must not fall behind. */
  readonly now: number;
  /** How far a running clock is ahead of the host, milliseconds. */
  readonly offset: number;
};

/** One world's clock: the host's time plus an offset, or a time that only moves when it is told to. */
export class WorldClock implements Clock {
  readonly #host: HostTime;
  readonly #onError: (error: unknown) => void;
  readonly #onMoved: (place: ClockPlace) => void;
  readonly #timers = new TimerQueue();
  #mode: ClockMode = "running";
  #offset = 0;
  /** The time that stands still, or the latest one that was told while running. */
  #last: number;
  #disarm: (() => void) | undefined;
  #armedFor = Infinity;
  #closed = false;
  #changed: (() => void)[] = [];
  #holders = 0;
  /** Time stands still because somebody holds it. */
  #held = false;
  /** Host time during which it was held, without the hold that lasts. */
  #heldMs = 0;
  #heldSince = 0;

  /** @param onMoved Called when the mode has changed or time was moved; not for a hold, which nothing outlives. */
  constructor(host: HostTime, onError: (error: unknown) => void, onMoved: (place: ClockPlace) => void = () => {}) {
    this.#host = host;
    this.#onError = onError;
    this.#onMoved = onMoved;
    this.#last = host.epoch();
  }

  /** Goes on from where another clock stood. To be called before anybody asks for the time. */
  goOnFrom({ mode, now, offset }: ClockPlace): void {
    this.#mode = mode;
    this.#offset = offset;
    this.#last = now;
  }

  get mode(): ClockMode {
    return this.#mode;
  }

  /** Whether time that runs stands still for somebody who holds it: it goes on by itself, other than one that is frozen. */
  get held(): boolean {
    return this.#held;
  }

  /** How much host time has passed while time was held, in milliseconds. */
  get heldMs(): number {
    return this.#heldMs + (this.#held ? this.#host.monotonic() - this.#heldSince : 0);
  }

  now(): number {
    if (this.#mode === "running") {
      const now = this.#host.epoch() + this.#offset;
      if (now > this.#last) this.#last = now;
    }
    return this.#last;
  }

  schedule(delayMs: number, options: TimerOptions, fire: () => void): () => void {
    if (this.#closed) return () => {};
    const timer = this.#timers.add(this.now() + Math.max(0, delayMs), options, fire);
    this.#arm();
    return () => {
      if (this.#timers.cancel(timer)) this.#notifyChanged();
    };
  }

  sleep(delayMs: number, options: TimerOptions & { readonly signal?: AbortSignal }): Promise<void> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = this.schedule(delayMs, options, () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  /** Stops or restarts the flow of time; the time itself does not change. */
  setMode(mode: ClockMode): void {
    this.#setMode(mode);
    this.#tellPlace();
  }

  #setMode(mode: ClockMode): void {
    const now = this.now();
    this.#heldMs = this.heldMs;
    this.#held = false;
    this.#mode = mode;
    if (mode === "running") this.#offset = now - this.#host.epoch();
    this.#arm();
    this.#notifyChanged();
  }

  /** Stops time that runs, for as long as somebody holds it; what is returned lets go, once. Another mode set meanwhile stays. */
  hold(): () => void {
    this.#holders++;
    if (this.#mode === "running") {
      this.#setMode("frozen");
      this.#held = true;
      this.#heldSince = this.#host.monotonic();
    }
    let holding = true;
    return () => {
      if (!holding) return;
      holding = false;
      this.#holders--;
      if (this.#holders > 0 || !this.#held) return;
      this.setMode("running");
    };
  }

  /** Moves time forward to `time` without firing anything; `fireDue` does that. A time that has passed is left alone. */
  moveTo(time: number): void {
    const now = this.now();
    if (time <= now) return;
    this.#offset += time - now;
    this.#last = time;
    this.#tellPlace();
  }

  get nextTimer(): Timer | undefined {
    return this.#timers.peek();
  }

  get nextWorkTimer(): Timer | undefined {
    return this.#timers.nextWork();
  }

  get workTimers(): number {
    return this.#timers.workTimers;
  }

  get hasWorkTimers(): boolean {
    return this.#timers.workTimers > 0;
  }

  /** Fires one timer that is due; false when none is. */
  fireDue(): boolean {
    const timer = this.#timers.takeDue(this.now());
    if (timer === undefined) return false;
    try {
      timer.fire();
    } catch (error) {
      this.#onError(error);
    }
    this.#notifyChanged();
    return true;
  }

  /** Calls `listener` once, when a timer next fires or is cancelled, or the mode changes. */
  onChange(listener: () => void): () => void {
    this.#changed.push(listener);
    return () => {
      this.#changed = this.#changed.filter((other) => other !== listener);
    };
  }

  /** Drops every timer; none can be scheduled afterwards. */
  close(): void {
    this.#closed = true;
    this.#disarm?.();
    this.#disarm = undefined;
    this.#timers.clear();
    this.#notifyChanged();
  }

  #tellPlace(): void {
    this.#onMoved({ mode: this.#held ? "running" : this.#mode, now: this.#last, offset: this.#offset });
  }

  #notifyChanged(): void {
    if (this.#changed.length === 0) return;
    const listeners = this.#changed;
    this.#changed = [];
    for (const listener of listeners) listener();
  }

  /** While time flows, one timer of the host stands for the earliest of ours. */
  #arm(): void {
    const next = this.#mode === "running" ? this.#timers.peek() : undefined;
    if (next === undefined) {
      this.#disarm?.();
      this.#disarm = undefined;
      this.#armedFor = Infinity;
      return;
    }
    if (this.#disarm !== undefined && this.#armedFor <= next.at) return;
    this.#disarm?.();
    this.#armedFor = next.at;
    this.#disarm = this.#host.setTimeout(() => this.#onHostTimer(), Math.max(0, next.at - this.now()));
  }

  #onHostTimer(): void {
    this.#disarm = undefined;
    this.#armedFor = Infinity;
    while (this.#mode === "running" && this.fireDue()) {
      // Each timer may schedule or cancel others, so the queue is asked anew.
    }
    this.#arm();
  }
}
