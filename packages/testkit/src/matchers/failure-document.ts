import { ControlError } from "@localemu/control";
import { decodeText } from "../decode.ts";
import { decodeRecord, decodeShards, type StreamRecord, type StreamShard } from "../stream-shards.ts";
import { changeOf, decodeTableShards } from "../table-changes.ts";
import { isPlainObject } from "./match.ts";
import type { ObservedWorld } from "./subject.ts";

/** What an event source mapping sends to its on-failure destination, with the records that it speaks of. */
export interface FailedBatchFound {
  readonly condition: string;
  readonly approximateInvokeCount: number;
  readonly shardId: string;
  readonly streamName: string;
  readonly batchSize: number;
  /** Those of the document where it has them, as in a bucket; else those that the stream still keeps. */
  readonly records: readonly StreamRecord[];
}

/** A message or an object that may be a failure document. */
export interface Report {
  readonly text: string;
}

/** The failure documents among reports, with their records, and the reports that are none. */
export interface FailuresFound {
  readonly batches: readonly FailedBatchFound[];
  readonly others: readonly Report[];
}

/** Finds the failure documents, and their records in them or in the streams that they name. */
export async function readFailures(
  reports: readonly Report[],
  world: { readonly peek: Pick<ObservedWorld["peek"], "stream" | "table"> },
): Promise<FailuresFound> {
  const batches: FailedBatchFound[] = [];
  const others: Report[] = [];
  const streams = new Map<string, readonly StreamShard[]>();
  for (const report of reports) {
    const document = parseFailureDocument(report.text);
    if (document === undefined) {
      others.push(report);
      continue;
    }
    const { streamArn, from, to, payload, ...batch } = document;
    let records = payload;
    if (records === undefined) {
      const shards = streams.get(streamArn) ?? (await readStream(world, streamArn));
      streams.set(streamArn, shards);
      const kept = shards.find(({ shardId }) => shardId === batch.shardId)?.records ?? [];
      records = kept.filter(({ sequenceNumber }) => from <= BigInt(sequenceNumber) && BigInt(sequenceNumber) <= to);
    }
    batches.push({ ...batch, streamName: streamNameOf(streamArn), records });
  }
  return { batches, others };
}

interface FailureDocument {
  readonly condition: string;
  readonly approximateInvokeCount: number;
  readonly shardId: string;
  readonly batchSize: number;
  readonly streamArn: string;
  readonly from: bigint;
  readonly to: bigint;
  /** The records, where the document has them. */
  readonly payload: readonly StreamRecord[] | undefined;
}

/** The failure document in a message's body, which may be wrapped by SNS; undefined where it is none. */
function parseFailureDocument(body: string): FailureDocument | undefined {
  const decoded = decodeText(body);
  if (!isPlainObject(decoded)) return undefined;
  if (decoded["Type"] === "Notification" && typeof decoded["Message"] === "string") {
    return parseFailureDocument(decoded["Message"]);
  }
  const { requestContext, KinesisBatchInfo, DDBStreamBatchInfo: batch = KinesisBatchInfo } = decoded;
  if (!isPlainObject(requestContext) || !isPlainObject(batch)) return undefined;
  const { condition, approximateInvokeCount } = requestContext;
  const { shardId, startSequenceNumber, endSequenceNumber, batchSize, streamArn } = batch;
  if (
    typeof condition !== "string" ||
    typeof approximateInvokeCount !== "number" ||
    typeof shardId !== "string" ||
    typeof batchSize !== "number" ||
    typeof streamArn !== "string" ||
    !isSequenceNumber(startSequenceNumber) ||
    !isSequenceNumber(endSequenceNumber)
  ) {
    return undefined;
  }
  const [from, to] = [BigInt(startSequenceNumber), BigInt(endSequenceNumber)];
  const payload = payloadRecords(decoded["payload"], shardId);
  return { condition, approximateInvokeCount, shardId, batchSize, streamArn, from, to, payload };
}

/** The records of the event that an object in a bucket carries. */
function payloadRecords(payload: unknown, shardId: string): readonly StreamRecord[] | undefined {
  const event = typeof payload === "string" ? decodeText(payload) : undefined;
  const records = isPlainObject(event) ? event["Records"] : undefined;
  if (!Array.isArray(records)) return undefined;
  return records.flatMap((record: unknown) => {
    const change = isPlainObject(record) ? changeOf(record) : undefined;
    if (change !== undefined) return [{ shardId, ...change }];
    const kinesis = isPlainObject(record) ? record["kinesis"] : undefined;
    if (!isPlainObject(kinesis)) return [];
    const { data, partitionKey, sequenceNumber, approximateArrivalTimestamp } = kinesis;
    const approximateArrival = Number(approximateArrivalTimestamp) * 1000;
    const place = { shardId, sequenceNumber: String(sequenceNumber), approximateArrival };
    return decodeRecord(String(data), String(partitionKey)).map((decoded) => ({ ...place, ...decoded }));
  });
}

function isSequenceNumber(value: unknown): value is string {
  return typeof value === "string" && /^\d+$/.test(value);
}

async function readStream(world: Parameters<typeof readFailures>[1], arn: string): Promise<readonly StreamShard[]> {
  const [, , service, region = ""] = arn.split(":");
  try {
    if (service === "dynamodb") {
      const { streamArn, shards } = await world.peek.table(streamNameOf(arn), { region });
      return streamArn === arn ? decodeTableShards(shards) : [];
    }
    return decodeShards(await world.peek.stream(streamNameOf(arn), { region }));
  } catch (error) {
    // The stream was deleted after its records failed: their contents are gone, the document still counts.
    if (error instanceof ControlError && error.status === 404) return [];
    throw error;
  }
}

/** Of a stream or, for the stream of a table, of the table. */
function streamNameOf(arn: string): string {
  return arn.slice(arn.indexOf("/") + 1).replace(/\/stream\/.*$/, "");
}
