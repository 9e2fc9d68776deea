import type { TimerOptions } from "./clock.ts";

export interface Timer extends TimerOptions {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
  cancelled: boolean;
}

/** So many timers are no burden, cancelled or not. */
export const fewTimers = 16;

/**
 * Timers by due time, then by the order in which they were scheduled. A cancelled timer is dropped when it comes up, or when more
 * than half are cancelled: one that is far away would stay for days.
 */
export class TimerQueue {
  #heap: Timer[] = [];
  /** Of those in the heap. */
  #cancelled = 0;
  #scheduled = 0;
  #work = 0;

  /** With those that are cancelled and not dropped yet. */
  get size(): number {
    return this.#heap.length;
  }

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
    this.#cancelled++;
    this.#dropCancelled();
    return true;
  }

  /** The next timer, without taking it. */
  peek(): Timer | undefined {
    while (this.#heap[0]?.cancelled) {
      this.#removeTop();
      this.#cancelled--;
    }
    return this.#heap[0];
  }

  /** Takes the next timer that is due at `now`. */
  takeDue(now: number): Timer | undefined {
    const timer = this.peek();
    if (timer === undefined || timer.at > now) return undefined;
    this.#removeTop();
    this.#forget(timer);
    this.#dropCancelled();
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
    this.#heap = [];
    this.#cancelled = 0;
    this.#work = 0;
  }

  /** A timer that fired counts as cancelled: cancelling it later must not count twice. */
  #forget(timer: Timer): void {
    timer.cancelled = true;
    if (timer.kind === "work") this.#work--;
  }

  /** Where it is worth it: more than half of what this looks at was cancelled since the last time. */
  #dropCancelled(): void {
    if (this.#heap.length <= fewTimers || 2 * this.#cancelled <= this.#heap.length) return;
    this.#heap = this.#heap.filter((timer) => !timer.cancelled);
    this.#cancelled = 0;
    for (let index = (this.#heap.length >> 1) - 1; index >= 0; index--) this.#sink(index);
  }

  #removeTop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(index: number): void {
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  #sink(from: number): void {
    let index = from;
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
