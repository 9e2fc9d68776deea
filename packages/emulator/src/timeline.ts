import type { TimelineEntry, TimelineEvent } from "@localemu/control";
import type { Clock } from "./core/clock.ts";

/** How many entries a world keeps; older ones are dropped. */
const defaultCapacity = 20_000;

/** How much is kept of a text in which callers may put what they like, in characters: entries are bounded by their number alone. */
const longestText = 1000;

/** One world's append-only, bounded log of everything that happened. */
export class Timeline {
  readonly #clock: Pick<Clock, "now">;
  readonly #capacity: number;
  #entries: TimelineEntry[] = [];
  #lastId = 0;
  readonly #followers = new Set<(entry: TimelineEntry) => void>();

  constructor(clock: Pick<Clock, "now">, capacity = defaultCapacity) {
    this.#clock = clock;
    this.#capacity = capacity;
  }

  append(event: TimelineEvent): void {
    const entry: TimelineEntry = { id: ++this.#lastId, at: this.#clock.now(), ...shortened(event) };
    this.#entries.push(entry);
    // Cutting half at once keeps appending cheap: one copy per half a capacity of entries.
    if (this.#entries.length >= 2 * this.#capacity) this.#entries = this.#entries.slice(-this.#capacity);
    for (const follower of this.#followers) follower(entry);
  }

  /** The newest `limit` entries whose id is greater than `after`, oldest first. */
  entries({
    after = 0,
    limit = this.#capacity,
  }: { readonly after?: number; readonly limit?: number } = {}): readonly TimelineEntry[] {
    const oldestId = this.#lastId - this.#entries.length + 1;
    const skip = Math.max(0, after - oldestId + 1, this.#entries.length - Math.min(limit, this.#capacity));
    return this.#entries.slice(skip);
  }

  /** Forgets what happened; ids go on counting, and followers stay. */
  clear(): void {
    this.#entries = [];
  }

  /** Calls `follower` with each entry from now on, synchronously; the returned function ends it. */
  follow(follower: (entry: TimelineEntry) => void): () => void {
    this.#followers.add(follower);
    return () => this.#followers.delete(follower);
  }
}

/** The same event with an end to its texts, where it is one of those that tell what callers said. */
function shortened(event: TimelineEvent): TimelineEvent {
  if (event.type === "call.failed") return { ...event, operation: cut(event.operation), message: cut(event.message) };
  if (event.type === "access.judged") {
    const { action, resource, message } = event;
    return { ...event, action: cut(action), resource: cut(resource), ...(message && { message: cut(message) }) };
  }
  return event;
}

function cut(text: string): string {
  // A copy: a part of a text keeps all of it in memory.
  return text.length <= longestText ? text : Buffer.from(`${text.slice(0, longestText)}…`).toString();
}
