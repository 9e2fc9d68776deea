import type { ToldEntry } from "./read-timeline.ts";

/** A pause of world time that gets a line of its own, in milliseconds: a clock was moved, or it jumped. */
const longPauseMs = 60_000;

export interface Rendering {
  /** Puts what one consumer did under a heading of its own; what is no mapping's comes first. */
  readonly byShard: boolean;
}

/** Entries as a text for people: when each happened since the first one, in world time, and what it was. */
export function renderTimeline(entries: readonly ToldEntry[], { byShard }: Rendering): string {
  const [first] = entries;
  const last = entries.at(-1);
  if (first === undefined || last === undefined) return "The timeline is empty.\n";
  const { id, at } = first.entry;
  const head = [
    `${entries.length === 1 ? "1 entry" : `${entries.length} entries`} from ${isoTime(at)} to ${isoTime(last.entry.at)}, world time`,
    ...(id > 1 ? [`It begins with entry ${id}: what was before is no longer kept, or was reset.`] : []),
  ];
  const body = byShard ? sectionsOf(entries).flatMap((section) => ["", ...show(section, at)]) : lines(entries, at);
  return [...head, ...(byShard ? [] : [""]), ...body, ""].join("\n");
}

/** What happened in one place. */
interface Section {
  /** Undefined for what is of no mapping. */
  readonly place: string | undefined;
  readonly entries: ToldEntry[];
}

/** What is of no mapping first, then each mapping and each of its shards in the order in which they appear. */
function sectionsOf(entries: readonly ToldEntry[]): readonly Section[] {
  const elsewhere: Section = { place: undefined, entries: [] };
  const sections = new Map<string, Section>();
  for (const told of entries) {
    const { entry, text } = told;
    const place = "mapping" in entry ? /^[^{]*?(?=: )/.exec(text)?.[0] : undefined;
    if (place === undefined || !("mapping" in entry)) {
      elsewhere.entries.push(told);
      continue;
    }
    const key = `${entry.mapping} ${place}`;
    const section = sections.get(key) ?? { place, entries: [] };
    section.entries.push({ entry, text: text.slice(place.length + ": ".length) });
    sections.set(key, section);
  }
  return [...(elsewhere.entries.length === 0 ? [] : [elsewhere]), ...sections.values()];
}

function show({ place, entries }: Section, start: number): readonly string[] {
  return [...(place === undefined ? [] : [place]), ...lines(entries, start)];
}

function lines(entries: readonly ToldEntry[], start: number): readonly string[] {
  let before = start;
  return entries.flatMap(({ entry, text }) => {
    const pause = entry.at - before;
    before = entry.at;
    const line = `${sinceStart(entry.at - start)}  ${text.replaceAll("\n", "\n               ")}`;
    return pause >= longPauseMs ? [`${" ".repeat(12)}· ${inWords(pause)} later`, line] : [line];
  });
}

function isoTime(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? `${at} ms` : date.toISOString();
}

/** `   0:00:01.234`: hours, minutes, seconds and milliseconds. */
function sinceStart(ms: number): string {
  const whole = Math.abs(Math.round(ms));
  const two = (value: number): string => String(value).padStart(2, "0");
  const clock = `${Math.floor(whole / 3_600_000)}:${two(Math.floor(whole / 60_000) % 60)}:${two(Math.floor(whole / 1000) % 60)}`;
  return `${ms < 0 ? "-" : ""}${clock}.${String(whole % 1000).padStart(3, "0")}`.padStart(13);
}

/** `2 min`, `1.5 h`, `3 d`. */
function inWords(ms: number): string {
  const [unit, size] = ms < 7_200_000 ? ["min", 60_000] : ms < 172_800_000 ? ["h", 3_600_000] : ["d", 86_400_000];
  return `${Math.round((ms / size) * 10) / 10} ${unit}`;
}
