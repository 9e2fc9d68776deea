import type { StreamRecord } from "./ports.ts";
import type { InvokeWindow } from "./stream/tumbling-window.ts";

/** Writes a batch of records as the event that a function gets. */
export interface Envelope {
  /** How many bytes a record takes in the event, apart from the comma before it. */
  bytesOf(record: StreamRecord): number;
  /** The whole event, JSON; with `window` that of a tumbling window, which may have no records. */
  event(records: readonly StreamRecord[], window?: InvokeWindow): string;
}

export interface EnvelopeOptions {
  readonly shardId: string;
  readonly eventSourceArn: string;
  readonly region: string;
  /** The function's execution role. */
  readonly role: string;
}

/** The event of records that are written already. AWS: the members of a window and their order (AWS docs). */
export function eventOf(
  records: string,
  window: InvokeWindow | undefined,
  { shardId, eventSourceArn }: Pick<EnvelopeOptions, "shardId" | "eventSourceArn">,
): string {
  if (window === undefined) return `{"Records":[${records}]}`;
  const { start, end, state, isFinal, isTerminatedEarly } = window;
  return (
    `{"Records":[${records}],"window":{"start":"${wholeSeconds(start)}","end":"${wholeSeconds(end)}"},"state":${state},` +
    `"shardId":"${shardId}","eventSourceARN":"${eventSourceArn}","isFinalInvokeForWindow":${isFinal},` +
    `"isWindowTerminatedEarly":${isTerminatedEarly}}`
  );
}

/** AWS: without a fraction (AWS docs). */
export function wholeSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}
