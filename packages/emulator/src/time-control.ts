import type { Activity, BusyLabel } from "./activity.ts";
import type { HostTime } from "./core/host-time.ts";
import { isOver, waitFor } from "./core/wait-for.ts";
import type { WaitLimit } from "./core/wait-for.ts";
import type { WorldClock } from "./core/world-clock.ts";

/** What waiting for idle found. `sleeping`: nothing runs, but a work timer is set. `busy`: the time-out passed first. */
export type IdleReport =
  | { readonly state: "idle" }
  | { readonly state: "sleeping"; readonly nextTimer: NextTimer }
  | { readonly state: "busy"; readonly busy: readonly BusyLabel[] };

export interface NextTimer {
  readonly label: string;
  /** World time, milliseconds since the epoch. */
  readonly at: number;
  /** Milliseconds of world time from now. */
  readonly inMs: number;
}

/** How long `advance` may wait for the world to settle, in milliseconds of host time. */
const advanceLimitMs = 30_000;

/** Thrown by `advance` when work does not end; the message names what is busy. */
export class AdvanceTimeoutError extends Error {
  override readonly name = "AdvanceTimeoutError";
}

/** Moves a world's time and tells when nothing more happens in it. */
export class TimeControl {
  readonly #clock: WorldClock;
  readonly #activity: Activity;
  readonly #host: HostTime;
  /** The end of the last of what was to be done in turn. */
  #turn: Promise<unknown> = Promise.resolve();
  /** How much of that has not ended, and who waits until all has. */
  #turns = 0;
  #waiting: (() => void)[] = [];

  constructor(clock: WorldClock, activity: Activity, host: HostTime) {
    this.#clock = clock;
    this.#activity = activity;
    this.#host = host;
  }

  /**
   * Waits until nothing can happen any more by itself, at most `timeoutMs` of host time, without that during which time is held.
   * An aborted `signal` ends the wait as the time-out does: an automatic clock must not go on jumping for a caller that went away.
   */
  async idle(timeoutMs: number, signal?: AbortSignal): Promise<IdleReport> {
    const deadline = this.#host.monotonic() + timeoutMs;
    const heldBefore = this.#clock.heldMs;
    for (;;) {
      // Who holds time waits for nobody, and who waits is likely to be held as well.
      while (this.#clock.held) {
        const goesOn = waitFor(this.#host, { deadline: Infinity, signal }, (tell) => this.#clock.onChange(tell));
        if (!(await goesOn)) break;
      }
      const limit = { deadline: deadline + this.#clock.heldMs - heldBefore, signal };
      const report = await this.#idleOnce(limit);
      const wasHeld = this.#clock.held || deadline + this.#clock.heldMs - heldBefore > limit.deadline;
      if (report.state === "idle" || signal?.aborted === true || !wasHeld) return report;
    }
  }

  async #idleOnce(limit: WaitLimit): Promise<IdleReport> {
    for (;;) {
      if (!(await this.#activity.settled(limit))) return { state: "busy", busy: this.#activity.busy() };
      if (this.#turns > 0) {
        // Whoever moves time makes things happen, and a clock that runs stands still meanwhile.
        if (await waitFor(this.#host, limit, (tell) => this.#onLastTurn(tell))) continue;
        return { state: "busy", busy: [{ label: "moving time", count: this.#turns }, ...this.#activity.busy()] };
      }
      const next = this.#nextTimer();
      if (next === undefined) return { state: "idle" };
      if (isOver(this.#host, limit) || this.#clock.mode === "frozen") return { state: "sleeping", nextTimer: next };
      if (this.#clock.mode === "auto") this.#fireUntil(next.at);
      else await waitFor(this.#host, limit, (onChange) => this.#clock.onChange(onChange));
    }
  }

  /**
   * Runs what reads or changes the clock once all that was given before has ended. Two callers who advance at the same time
   * advance by the sum, and a mode that is set during an advance is not undone by its end.
   */
  inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    this.#turns++;
    const result = this.#turn.then(act).finally(() => {
      if (--this.#turns > 0) return;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const tell of waiting) tell();
    });
    // Who asked for it is told how it ended.
    this.#turn = result.catch(() => {});
    return result;
  }

  #onLastTurn(listener: () => void): () => void {
    this.#waiting.push(listener);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== listener);
    };
  }

  /**
   * Moves time forward by `ms`: settles, then fires each timer at its own time and settles again.
   * Throws AdvanceTimeoutError when the world does not settle within 30 s of host time. One at a time: see `inTurn`.
   */
  async advance(ms: number): Promise<void> {
    await this.advanceTo(this.#clock.now() + ms);
  }

  async advanceTo(target: number): Promise<void> {
    const limit = { deadline: this.#host.monotonic() + advanceLimitMs };
    const mode = this.#clock.mode;
    if (mode === "running") this.#clock.setMode("frozen");
    try {
      await this.#settle(limit);
      for (let next = this.#clock.nextTimer; next !== undefined && next.at <= target; next = this.#clock.nextTimer) {
        this.#clock.moveTo(next.at);
        this.#clock.fireDue();
        await this.#settle(limit);
      }
      this.#clock.moveTo(target);
    } finally {
      if (mode === "running") this.#clock.setMode("running");
    }
  }

  async #settle(limit: WaitLimit): Promise<void> {
    if (await this.#activity.settled(limit)) return;
    const busy = this.#activity.busy().map(({ label, count }) => (count > 1 ? `${label} (${count})` : label));
    throw new AdvanceTimeoutError(
      `time could not be advanced: still busy after ${advanceLimitMs / 1000} s: ${busy.join(", ") || "timers that set each other"}`,
    );
  }

  #fireUntil(target: number): void {
    for (let next = this.#clock.nextTimer; next !== undefined && next.at <= target; next = this.#clock.nextTimer) {
      this.#clock.moveTo(next.at);
      this.#clock.fireDue();
      if (this.#activity.count > 0) return;
    }
  }

  #nextTimer(): NextTimer | undefined {
    const timer = this.#clock.nextWorkTimer;
    if (timer === undefined) return undefined;
    return { label: timer.label, at: timer.at, inMs: Math.max(0, timer.at - this.#clock.now()) };
  }
}
