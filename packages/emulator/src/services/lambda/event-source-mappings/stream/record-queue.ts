/** An immutable first-in, first-out queue: a list and how much of it has been taken. */
export interface RecordQueue<T> {
  readonly items: readonly T[];
  readonly taken: number;
}

/** Taken items are let go once there are this many and they outnumber the rest. */
const compactFrom = 256;

export function emptyQueue<T>(): RecordQueue<T> {
  return { items: [], taken: 0 };
}

export function queueLength(queue: RecordQueue<unknown>): number {
  return queue.items.length - queue.taken;
}

/** The item at `index` from the head, if there are so many. */
export function queueAt<T>(queue: RecordQueue<T>, index: number): T | undefined {
  return queue.items[queue.taken + index];
}

export function append<T>(queue: RecordQueue<T>, items: readonly T[]): RecordQueue<T> {
  if (items.length === 0) return queue;
  if (queueLength(queue) === 0) return { items, taken: 0 };
  return { items: [...queue.items.slice(queue.taken), ...items], taken: 0 };
}

/** The first `count` items. */
export function firstOf<T>(queue: RecordQueue<T>, count: number): readonly T[] {
  return queue.items.slice(queue.taken, queue.taken + count);
}

/** The queue without its first `count` items. */
export function dropFirst<T>(queue: RecordQueue<T>, count: number): RecordQueue<T> {
  const taken = queue.taken + count;
  if (taken >= queue.items.length) return emptyQueue();
  // Records that are done must not keep their bytes alive for long; copying seldom keeps a drop cheap.
  if (taken >= compactFrom && taken * 2 >= queue.items.length) return { items: queue.items.slice(taken), taken: 0 };
  return { items: queue.items, taken };
}
