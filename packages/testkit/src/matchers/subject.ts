import type { ControlClient, ControlClock, Peek, TimelineEntry } from "@localemu/control";
import type { BucketObject } from "../bucket-handle.ts";
import type { FunctionHistory } from "../delivered.ts";
import type { MappingProgress } from "../mapping-progress.ts";
import type { QueueMessage } from "../queue-handle.ts";
import type { StreamShard } from "../stream-shards.ts";
import type { TopicMessage } from "../topic-handle.ts";
import { show } from "./show.ts";

/**
 * Where a handle keeps what matchers read. A registered symbol and no class test, so that a handle of one copy of the package
 * is known to the matchers of another.
 */
export const subject: unique symbol = Symbol.for("@localemu/testkit.subject");

/** What matchers ask of the control API. */
export type ObservedWorld = Pick<ControlClient, "idle" | "timeline"> & {
  followTimeline(...args: Parameters<ControlClient["followTimeline"]>): AsyncIterable<TimelineEntry>;
  readonly clock: Pick<ControlClock, "read">;
  readonly peek: Pick<Peek, "stream" | "table">;
};

/** A thing of a world as matchers see it. */
interface Observed<Kind extends string, State> {
  readonly kind: Kind;
  readonly name: string;
  readonly world: ObservedWorld;
  readonly read: () => Promise<State>;
}

export type StreamSubject = Observed<"stream", readonly StreamShard[]>;
/** A table, as far as its stream goes: the data of its records is what was changed. */
export type TableSubject = Observed<"table", readonly StreamShard[]>;
export type QueueSubject = Observed<"queue", readonly QueueMessage[]>;
export type TopicSubject = Observed<"topic", readonly TopicMessage[]>;
export type BucketSubject = Observed<"bucket", readonly BucketObject[]>;
export type MappingSubject = Observed<"mapping", MappingProgress>;
export type FunctionSubject = Observed<"function", FunctionHistory>;

export type Subject =
  | StreamSubject
  | TableSubject
  | QueueSubject
  | TopicSubject
  | BucketSubject
  | MappingSubject
  | FunctionSubject;

const kinds: { readonly [Kind in Subject["kind"]]: string } = {
  stream: "a stream of LocalEmu, as emu.stream(name) gives",
  table: "a table of LocalEmu with a stream, as emu.table(name) gives",
  queue: "a queue of LocalEmu, as emu.queue(name) gives",
  topic: "a topic of LocalEmu, as emu.topic(name) gives",
  bucket: "a bucket of LocalEmu, as emu.bucket(name) gives",
  mapping: "an event source mapping of LocalEmu, as fn.listen(source) gives",
  function: "a function of LocalEmu, as emu.function(name) gives",
};

/** The subject of what was given to `expect`. Throws TypeError where it is none of `wanted`. */
export function subjectOf<Kind extends Subject["kind"]>(
  received: unknown,
  matcher: string,
  ...wanted: readonly Kind[]
): Extract<Subject, { readonly kind: Kind }> {
  const found = findSubject(received);
  if (found !== undefined && isOneOf(found, wanted)) return found;
  const types = wanted.map((kind) => kinds[kind]).join(", or ");
  const given = found === undefined ? show(received) : `the ${found.kind} ${JSON.stringify(found.name)}`;
  throw new TypeError(`${matcher} takes ${types}, not ${given}`);
}

function findSubject(received: unknown): Subject | undefined {
  return isHandle(received) ? received[subject] : undefined;
}

function isHandle(value: unknown): value is { readonly [subject]: Subject } {
  return typeof value === "object" && value !== null && subject in value;
}

function isOneOf<Kind extends Subject["kind"]>(
  found: Subject,
  wanted: readonly Kind[],
): found is Extract<Subject, { readonly kind: Kind }> {
  return wanted.some((kind) => kind === found.kind);
}
