import type { TimerOptions } from "./clock.ts";

export interface Timer extends TimerOptions {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
  cancelled: boolean;
}

/** Timers by due time, then by the order in which they were scheduled. A cancelled timer is dropped when it comes up. */
export class TimerQueue {
  readonly #heap: Timer[] = [];
  #scheduled = 0;
  #work = 0;

  get workTimers(): number {
    return this.#work;
  }

  add(at: number, options: TimerOptions, fire: () => void): Timer {
    const timer: Timer = {
      at,
      order: this.#scheduled++,
      kind: options.kind,
      label: options.label,
      fire,
      cancelled: false,
    };
    if (timer.kind === "work") this.#work++;
    this.#heap.push(timer);
    this.#rise(this.#heap.length - 1);
    return timer;
  }

  cancel(timer: Timer): boolean {
    if (timer.cancelled) return false;
    this.#forget(timer);
    return true;
  }

  /** The next timer, without taking it. */
  peek(): Timer | undefined {
    while (this.#heap[0]?.cancelled) this.#removeTop();
    return this.#heap[0];
  }

  /** Takes the next timer that is due at `now`. */
  takeDue(now: number): Timer | undefined {
    const timer = this.peek();
    if (timer === undefined || timer.at > now) return undefined;
    this.#removeTop();
    this.#forget(timer);
    return timer;
  }

  nextWork(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#heap) {
      if (timer.cancelled || timer.kind !== "work") continue;
      if (next === undefined || before(timer, next)) next = timer;
    }
    return next;
  }

  clear(): void {
    for (const timer of this.#heap) timer.cancelled = true;
    this.#heap.length = 0;
    this.#work = 0;
  }

  /** A timer that fired counts as cancelled: cancelling it later must not count twice. */
  #forget(timer: Timer): void {
    timer.cancelled = true;
    if (timer.kind === "work") this.#work--;
  }

  #removeTop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink();
  }

  #rise(index: number): void {
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const leftTimer = this.#heap[left];
      const rightTimer = this.#heap[right];
      if (leftTimer === undefined) return;
      const child = rightTimer !== undefined && before(rightTimer, leftTimer) ? right : left;
      if (!this.#swapIfBefore(child, index)) return;
      index = child;
    }
  }

  #swapIfBefore(lower: number, upper: number): boolean {
    const lowerTimer = this.#heap[lower];
    const upperTimer = this.#heap[upper];
    if (lowerTimer === undefined || upperTimer === undefined || !before(lowerTimer, upperTimer)) return false;
    this.#heap[lower] = upperTimer;
    this.#heap[upper] = lowerTimer;
    return true;
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
