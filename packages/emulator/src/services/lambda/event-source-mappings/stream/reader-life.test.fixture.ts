import type { Activity } from "../../../../activity.ts";
import type { Clock } from "../../../../core/clock.ts";
import type { HostTime } from "../../../../core/host-time.ts";

/** A world as one process sees it: what it set, holds and listens to can be counted, and is gone when the process crashes. */
export class ReaderLife {
  readonly clock: Clock;
  readonly host: HostTime;
  readonly activity: Pick<Activity, "begin">;
  readonly #ends = new Set<() => void>();
  #crashed = false;

  constructor(clock: Clock, host: HostTime, activity: Activity) {
    this.clock = {
      now: () => clock.now(),
      sleep: () => Promise.reject(new Error("nothing sleeps here")),
      schedule: (delayMs, options, fire) => {
        const end = this.hold(() => cancel());
        const cancel = clock.schedule(delayMs, options, () => {
          end();
          fire();
        });
        return end;
      },
    };
    this.host = {
      ...host,
      setImmediate: (fire) => host.setImmediate(() => this.#crashed || fire()),
    };
    this.activity = {
      begin: (label) => {
        const token = activity.begin(label);
        return { release: this.hold(() => token.release()) };
      },
    };
  }

  get crashed(): boolean {
    return this.#crashed;
  }

  /** Timers, tokens and listeners that have not ended. */
  get held(): number {
    return this.#ends.size;
  }

  /** Calls `end` when the answer is called, or with the crash. */
  hold(end: () => void): () => void {
    const once = (): void => {
      if (this.#ends.delete(once)) end();
    };
    this.#ends.add(once);
    return once;
  }

  crash(): void {
    this.#crashed = true;
    for (const end of this.#ends) end();
  }
}
