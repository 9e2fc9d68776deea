import type { ControlClient, ControlClock, Peek, PeekedMessage, TimelineEntry } from "@localemu/control";
import type { StreamShard } from "../stream-shards.ts";
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
  readonly peek: Pick<Peek, "stream">;
};

/** A stream as matchers see it. */
export interface StreamSubject {
  readonly kind: "stream";
  readonly name: string;
  readonly world: ObservedWorld;
  readonly read: () => Promise<readonly StreamShard[]>;
}

/** A queue as matchers see it. */
export interface QueueSubject {
  readonly kind: "queue";
  readonly name: string;
  readonly world: ObservedWorld;
  readonly read: () => Promise<readonly PeekedMessage[]>;
}

export type Subject = StreamSubject | QueueSubject;

const kinds = {
  stream: "a stream of LocalEmu, as emu.stream(name) gives",
  queue: "a queue of LocalEmu, as emu.queue(name) gives",
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
