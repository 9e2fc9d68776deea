import type { PeekedInvocation } from "@localemu/control";
import { decodeText } from "./decode.ts";
import { isPlainObject } from "./matchers/match.ts";
import { decodeRecord } from "./stream-shards.ts";
import { changeOf } from "./table-changes.ts";

/** An invocation of a function. */
export interface FunctionInvocation {
  readonly requestId: string;
  /** World time, milliseconds since the epoch. */
  readonly at: number;
  /** `event source mapping`, or the operation by which the function was invoked. */
  readonly source: string;
  /** What the function was given, JSON parsed. */
  readonly event: unknown;
  readonly outcome: PeekedInvocation["outcome"];
  /** What it answered, JSON parsed; the error document where it failed. Undefined while it runs. */
  readonly response: unknown;
  /** `errorType: errorMessage` where it failed. */
  readonly error?: string;
}

/** What is known of a function's invocations. */
export interface FunctionHistory {
  /** How many there were. */
  readonly invoked: number;
  /** The last of them, oldest first. */
  readonly invocations: readonly FunctionInvocation[];
}

/** A batch of records or messages that a function was given. */
export interface FunctionBatch extends Pick<FunctionInvocation, "requestId" | "at" | "outcome" | "error"> {
  /** ARN of the stream or the queue. */
  readonly source: string;
  /** Of a stream's batch. */
  readonly shardId?: string;
  /** Data of the records, bodies of the messages or changes of a table, decoded, in order. */
  readonly items: readonly unknown[];
}

export function decodeInvocation(invocation: PeekedInvocation): FunctionInvocation {
  const { requestId, at, source, payload, outcome, response, error } = invocation;
  return {
    requestId,
    at,
    source,
    event: decodeText(payload),
    outcome,
    response: response === undefined ? undefined : decodeText(response),
    ...(error !== undefined && { error }),
  };
}

/** The batch of an invocation's event; undefined where it has none. */
export function batchOf({ event, requestId, at, outcome, error }: FunctionInvocation): FunctionBatch | undefined {
  const records = recordsOf(event);
  const [first] = records;
  if (first === undefined) return undefined;
  const shardId = first["eventSource"] === "aws:kinesis" ? String(first["eventID"]).split(":")[0] : undefined;
  return {
    requestId,
    at,
    outcome,
    ...(error !== undefined && { error }),
    source: String(first["eventSourceARN"]),
    ...(shardId !== undefined && { shardId }),
    items: records.flatMap(itemsOf),
  };
}

/** An event with the data of its records, or the bodies of its messages, decoded in their places. */
export function decodeEvent(event: unknown): unknown {
  const records = recordsOf(event);
  if (!isPlainObject(event) || records.length === 0) return event;
  return { ...event, Records: records.map(decodeEventRecord) };
}

type EventRecord = Readonly<Record<string, unknown>>;

function recordsOf(event: unknown): readonly EventRecord[] {
  const records = isPlainObject(event) ? event["Records"] : undefined;
  return Array.isArray(records) && records.every(isPlainObject) ? records : [];
}

function itemsOf(record: EventRecord): readonly unknown[] {
  const { kinesis, body } = record;
  if (isPlainObject(kinesis)) return decodeRecord(String(kinesis["data"]), "").map(({ data }) => data);
  if (typeof body === "string") return [decodeText(body)];
  return [changeOf(record)?.data ?? record];
}

function decodeEventRecord(record: EventRecord): EventRecord {
  const { kinesis, body } = record;
  if (isPlainObject(kinesis)) {
    const items = itemsOf(record);
    return { ...record, kinesis: { ...kinesis, data: items.length === 1 ? items[0] : items } };
  }
  return typeof body === "string" ? { ...record, body: decodeText(body) } : record;
}
