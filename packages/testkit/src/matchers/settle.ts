import type { IdleReport, TimelineEntry } from "@localemu/control";
import { showDuration } from "./show-duration.ts";
import type { ObservedWorld } from "./subject.ts";

/**
 * How waiting ended. `idle` and `frozen` are final: nothing more happens by itself.
 * `due` (a timer of a clock that runs) and `busy` are not: the time-out passed first.
 */
export type Settlement =
  | { readonly state: "idle" }
  | { readonly state: "frozen" | "due"; readonly timer: string; readonly inMs: number }
  | { readonly state: "busy"; readonly with: readonly string[] };

type Waiting = Pick<ObservedWorld, "idle"> & { readonly clock: Pick<ObservedWorld["clock"], "read"> };

/** Waits until nothing more happens in the world by itself, at most `timeoutMs` of host time. */
export async function settle(
  world: Waiting,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<{ readonly end: Settlement; readonly report: IdleReport }> {
  const report = await world.idle({ timeoutMs, signal });
  return { end: await settlementOf(world, report), report };
}

async function settlementOf(world: Waiting, report: IdleReport): Promise<Settlement> {
  if (report.state === "idle") return { state: "idle" };
  if (report.state === "busy") {
    return {
      state: "busy",
      with: report.busy.map(({ label, count }) => (count === 1 ? label : `${label} (${count})`)),
    };
  }
  const { mode } = await world.clock.read();
  const { label, inMs } = report.nextTimer;
  return { state: mode === "frozen" ? "frozen" : "due", timer: label, inMs };
}

/** Whether nothing more happens by itself. */
export function isFinal({ state }: Settlement): boolean {
  return state === "idle" || state === "frozen";
}

/** One sentence about how waiting ended. */
export function describeSettlement(end: Settlement, timeoutMs: number): string {
  switch (end.state) {
    case "idle":
      return "The world is idle: nothing more can happen.";
    case "frozen":
      return `The clock is frozen and the next timer is ${end.timer}: advance by ${showDuration(end.inMs)}.`;
    case "due":
      return `The world had not settled after ${showDuration(timeoutMs)}: ${end.timer} is due in ${showDuration(end.inMs)}.`;
    default:
      return `The world had not settled after ${showDuration(timeoutMs)}: busy with ${end.with.join(", ")}.`;
  }
}

/** What was read last, and how waiting ended; undefined where it ended because the condition held. */
export interface Waited<State> {
  readonly state: State;
  readonly end: Settlement | undefined;
}

/**
 * Reads until `holds`, each time that something relevant happens, and a last time when nothing more happens by itself.
 */
export async function waitUntil<State>(
  world: ObservedWorld,
  read: () => Promise<State>,
  holds: (state: State) => boolean,
  isRelevant: (entry: TimelineEntry) => boolean,
  timeoutMs: number,
): Promise<Waited<State>> {
  // Taken before the first read: what happens while reading is seen as a change.
  const [newest] = await world.timeline({ limit: 1 });
  const first = await read();
  if (holds(first)) return { state: first, end: undefined };

  const stop = new AbortController();
  const changes = new Changes();
  const following = changes.follow(world.followTimeline({ after: newest?.id ?? 0, signal: stop.signal }), isRelevant);
  const settling = settle(world, timeoutMs, stop.signal).then(({ end }) => end);
  // A timeline that ends leaves only settling to wait for; one that fails fails the wait.
  const ended = Promise.all([settling, following]).then(([end]) => end);
  try {
    for (;;) {
      const end = await Promise.race([settling, ended, changes.next()]);
      const state = await read();
      if (holds(state)) return { state, end: undefined };
      if (end !== undefined) return { state, end };
    }
  } finally {
    stop.abort();
    await Promise.allSettled([settling, following, ended]);
  }
}

/** Turns entries that come while somebody is busy into one change. */
class Changes {
  #pending = false;
  #notify: (() => void) | undefined;

  async follow(entries: AsyncIterable<TimelineEntry>, isRelevant: (entry: TimelineEntry) => boolean): Promise<void> {
    for await (const entry of entries) {
      if (!isRelevant(entry)) continue;
      this.#pending = true;
      this.#notify?.();
    }
  }

  async next(): Promise<undefined> {
    if (!this.#pending) await new Promise<void>((resolve) => (this.#notify = resolve));
    this.#pending = false;
  }
}
