import type { HostTime } from "../ports.ts";

/** Timers wait in steps of so much: of the time that passes while this very process is stopped, one step counts at most. */
const stepMs = 500;

interface Timer {
  readonly fire: () => void;
  remainingMs: number;
  startedAt: number;
  stepMs: number;
  cancel: () => void;
}

/** Host time whose timers can be stopped, each with the time that it has left, while a debugger holds what they limit. */
export class PausableTime implements HostTime {
  readonly #host: HostTime;
  readonly #timers = new Set<Timer>();
  #paused = false;

  constructor(host: HostTime) {
    this.#host = host;
  }

  monotonic(): number {
    return this.#host.monotonic();
  }

  epoch(): number {
    return this.#host.epoch();
  }

  setImmediate(fire: () => void): void {
    this.#host.setImmediate(fire);
  }

  setTimeout(fire: () => void, ms: number): () => void {
    const timer: Timer = { fire, remainingMs: ms, startedAt: 0, stepMs: 0, cancel: () => undefined };
    this.#timers.add(timer);
    if (!this.#paused) {
      this.#start(timer);
    }
    return () => {
      this.#timers.delete(timer);
      timer.cancel();
    };
  }

  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    for (const timer of this.#timers) {
      timer.cancel();
      timer.remainingMs -= Math.min(timer.stepMs, this.monotonic() - timer.startedAt);
    }
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    for (const timer of this.#timers) {
      this.#start(timer);
    }
  }

  #start(timer: Timer): void {
    timer.startedAt = this.monotonic();
    timer.stepMs = Math.min(timer.remainingMs, stepMs);
    timer.cancel = this.#host.setTimeout(() => this.#endStep(timer), timer.stepMs);
  }

  #endStep(timer: Timer): void {
    timer.remainingMs -= timer.stepMs;
    // An emulator in the process that the debugger stopped: what it would hear from the handler it has not heard yet.
    const stopped = this.monotonic() - timer.startedAt > timer.stepMs + stepMs;
    if (stopped) timer.remainingMs = Math.max(timer.remainingMs, stepMs);
    if (timer.remainingMs > 0) {
      this.#start(timer);
      return;
    }
    this.#timers.delete(timer);
    timer.fire();
  }
}
