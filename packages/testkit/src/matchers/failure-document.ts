import { ControlError, type PeekedMessage } from "@localemu/control";
import { decodeText } from "../decode.ts";
import { decodeShards, type StreamRecord, type StreamShard } from "../stream-shards.ts";
import { isPlainObject } from "./match.ts";
import type { ObservedWorld } from "./subject.ts";

/** What an event source mapping sends to its on-failure destination, with the records that it speaks of. */
export interface FailedBatchFound {
  readonly condition: string;
  readonly approximateInvokeCount: number;
  readonly shardId: string;
  readonly streamName: string;
  readonly batchSize: number;
  /** Those that the stream still keeps. */
  readonly records: readonly StreamRecord[];
}

/** The failure documents among messages, with their records, and the messages that are none. */
export interface FailuresFound {
  readonly batches: readonly FailedBatchFound[];
  readonly others: readonly PeekedMessage[];
}

/** Reads the failure documents of a destination and their records from the streams that they name. */
export async function readFailures(
  read: () => Promise<readonly PeekedMessage[]>,
  world: Pick<ObservedWorld, "peek">,
): Promise<FailuresFound> {
  const batches: FailedBatchFound[] = [];
  const others: PeekedMessage[] = [];
  const streams = new Map<string, readonly StreamShard[]>();
  for (const message of await read()) {
    const document = parseFailureDocument(message.body);
    if (document === undefined) {
      others.push(message);
      continue;
    }
    const { streamArn, from, to, ...batch } = document;
    const shards = streams.get(streamArn) ?? (await readStream(world, streamArn));
    streams.set(streamArn, shards);
    const records = shards.find(({ shardId }) => shardId === batch.shardId)?.records ?? [];
    batches.push({
      ...batch,
      streamName: streamNameOf(streamArn),
      records: records.filter(({ sequenceNumber }) => from <= BigInt(sequenceNumber) && BigInt(sequenceNumber) <= to),
    });
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
}

/** The failure document in a message's body, which may be wrapped by SNS; undefined where it is none. */
function parseFailureDocument(body: string): FailureDocument | undefined {
  const decoded = decodeText(body);
  if (!isPlainObject(decoded)) return undefined;
  if (decoded["Type"] === "Notification" && typeof decoded["Message"] === "string") {
    return parseFailureDocument(decoded["Message"]);
  }
  const { requestContext, KinesisBatchInfo: batch } = decoded;
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
  return { condition, approximateInvokeCount, shardId, batchSize, streamArn, from, to };
}

function isSequenceNumber(value: unknown): value is string {
  return typeof value === "string" && /^\d+$/.test(value);
}

async function readStream(world: Pick<ObservedWorld, "peek">, arn: string): Promise<readonly StreamShard[]> {
  try {
    return decodeShards(await world.peek.stream(streamNameOf(arn), { region: arn.split(":")[3] ?? "" }));
  } catch (error) {
    // The stream was deleted after its records failed: their contents are gone, the document still counts.
    if (error instanceof ControlError && error.status === 404) return [];
    throw error;
  }
}

function streamNameOf(arn: string): string {
  return arn.slice(arn.indexOf("/") + 1);
}
