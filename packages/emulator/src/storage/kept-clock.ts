import type { ClockMode, ClockPlace, WorldClock } from "../core/world-clock.ts";
import type { Keeping } from "./keeping.ts";

const collection = "world.clock";
const key = "clock";

type KeptClock = ClockPlace & {
  /** What the option said then: another that it says now is meant for the time that goes on. */
  readonly startedAs: ClockMode;
};

/** What a clock tells of each move, so that it can go on from there. */
export function clockKeeper({ documents }: Keeping, startedAs: ClockMode): (place: ClockPlace) => void {
  return (place) => {
    const kept: KeptClock = { ...place, startedAs };
    documents.put(collection, key, kept);
  };
}

/**
 * Sets a new clock to where the world's last one stood, or begins with the time of its host. World time never goes back: where the
 * host's does, between two emulators, it stands still at the newest record until the host has caught up.
 */
export function startClock(clock: WorldClock, { documents, latestArrival }: Keeping, mode: ClockMode): void {
  const kept = documents.read<KeptClock>(collection)[0]?.value;
  const now = Math.max(kept?.now ?? clock.now(), latestArrival ?? 0);
  clock.goOnFrom({ mode: kept?.mode ?? mode, now, offset: kept?.offset ?? 0 });
  if (kept === undefined ? mode !== "running" : mode !== kept.startedAs) clock.setMode(mode);
}
