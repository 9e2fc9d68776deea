import type { HostTime } from "./core/host-time.ts";
import { isOver, waitFor } from "./core/wait-for.ts";
import type { WaitLimit } from "./core/wait-for.ts";

/** Says that something is under way; released once its last consequence was handed on. Releasing twice is harmless. */
export interface ActivityToken {
  release(): void;
}

export interface BusyLabel {
  readonly label: string;
  readonly count: number;
}

/**
 * Counts what a world is doing right now. A token is taken before the hand-over that causes work and released after the last
 * consequence was handed on, synchronously, so that the count cannot pass through 0 while anything is still to happen.
 */
export class Activity {
  readonly #host: HostTime;
  readonly #labels = new Map<string, number>();
  #count = 0;
  /** Counts up with each token taken: quiet means that it stood still for one turn of the event loop. */
  #begun = 0;
  #quiet: (() => void)[] = [];

  constructor(host: HostTime) {
    this.#host = host;
  }

  get count(): number {
    return this.#count;
  }

  begin(label: string): ActivityToken {
    this.#count++;
    this.#begun++;
    this.#labels.set(label, (this.#labels.get(label) ?? 0) + 1);
    let released = false;
    return {
      release: () => {
        if (released) return;
        released = true;
        this.#end(label);
      },
    };
  }

  /**
   * Says that who holds a token does nothing but wait, until the returned function is called: for a timer of the world, within
   * whose firing that is to be, or for others who hold tokens of their own, as soon as they have let go of them.
   */
  pause(): () => void {
    this.#leave();
    return () => {
      this.#count++;
      this.#begun++;
    };
  }

  busy(): BusyLabel[] {
    return [...this.#labels].map(([label, count]) => ({ label, count }));
  }

  /** True once nothing is under way, and nothing began for one turn of the event loop; false when the limit is reached first. */
  async settled(limit: WaitLimit): Promise<boolean> {
    for (;;) {
      if (this.#count > 0 && !(await this.#nextQuiet(limit))) return false;
      const begun = this.#begun;
      await new Promise<void>((resolve) => this.#host.setImmediate(resolve));
      if (this.#count === 0 && this.#begun === begun) return true;
      if (isOver(this.#host, limit)) return false;
    }
  }

  #end(label: string): void {
    const left = (this.#labels.get(label) ?? 1) - 1;
    if (left === 0) this.#labels.delete(label);
    else this.#labels.set(label, left);
    this.#leave();
  }

  #leave(): void {
    this.#count--;
    if (this.#count > 0 || this.#quiet.length === 0) return;
    const waiting = this.#quiet;
    this.#quiet = [];
    for (const resolve of waiting) resolve();
  }

  #nextQuiet(limit: WaitLimit): Promise<boolean> {
    return waitFor(this.#host, limit, (onQuiet) => {
      this.#quiet.push(onQuiet);
      return () => {
        this.#quiet = this.#quiet.filter((other) => other !== onQuiet);
      };
    });
  }
}
