import { isPlainObject } from "../matchers/match.ts";

/** What comes of a batch. */
export interface BatchResult<Item> {
  /** `error`: the whole batch fails, as if the function had thrown. */
  readonly outcome: "success" | "partial" | "error";
  /** Records or messages that are done. */
  readonly succeeded: readonly Item[];
  /** Those that are delivered again, in order. */
  readonly retried: readonly Item[];
  /** Why the whole batch fails. */
  readonly reason?: string;
}

interface Batch<Item> {
  readonly Records: readonly Item[];
}

interface StreamItem {
  readonly kinesis: { readonly sequenceNumber: string };
}

interface ChangeItem {
  readonly dynamodb: { readonly SequenceNumber: string };
}

interface QueueItem {
  readonly messageId: string;
}

/**
 * Says which records or messages of a batch are done and which are tried again, as AWS reads the response of a function whose
 * event source mapping has ReportBatchItemFailures. `response` is what the handler resolved with.
 *
 * Of a stream, the record with the lowest sequence number that was named is tried again, with all after it; of a queue, the messages that were named.
 * A response that names something that is not in the batch fails the whole batch.
 *
 * @example
 * ```ts
 * const event = kinesisEvent([{ id: 1 }, { id: "bad" }, { id: 3 }]);
 * const { succeeded, retried } = evaluateBatchResult(event, await handler(event));
 * expect(succeeded).toEqual(event.Records.slice(0, 1));
 * ```
 */
export function evaluateBatchResult<Item extends StreamItem | ChangeItem | QueueItem>(
  event: Batch<Item>,
  response: unknown,
): BatchResult<Item> {
  const items = event.Records;
  const success: BatchResult<Item> = { outcome: "success", succeeded: items, retried: [] };
  const failures = reportedFailures(response);
  // AWS: an empty string, list, object or report, null, and a null report are complete successes (recorded on AWS).
  if (failures === undefined || failures === null) return success;
  if (!Array.isArray(failures)) return failed(items, "batchItemFailures is not a list");
  const named = new Set<Item>();
  for (const failure of failures) {
    const identifier: unknown = isPlainObject(failure) ? failure["itemIdentifier"] : undefined;
    const item = typeof identifier === "string" ? items.find((candidate) => isNamed(candidate, identifier)) : undefined;
    // AWS: an identifier that is empty, null, missing or not of the batch fails the whole batch (recorded on AWS).
    if (item === undefined) return failed(items, `itemIdentifier ${JSON.stringify(identifier)} is not in the batch`);
    named.add(item);
  }
  if (named.size === 0) return success;
  const first = items.findIndex((item) => named.has(item));
  const isRetried = (item: Item, index: number): boolean => ("messageId" in item ? named.has(item) : index >= first);
  return {
    outcome: "partial",
    succeeded: items.filter((item, index) => !isRetried(item, index)),
    retried: items.filter(isRetried),
  };
}

/** As it is read after it went through JSON. */
function reportedFailures(response: unknown): unknown {
  const json = JSON.stringify(response);
  const read: unknown = json === undefined ? undefined : JSON.parse(json);
  return isPlainObject(read) ? read["batchItemFailures"] : undefined;
}

function isNamed(item: StreamItem | ChangeItem | QueueItem, identifier: string): boolean {
  if ("messageId" in item) return item.messageId === identifier;
  const sequenceNumber = "kinesis" in item ? item.kinesis.sequenceNumber : item.dynamodb.SequenceNumber;
  return /^\d+$/.test(identifier) && BigInt(identifier) === BigInt(sequenceNumber);
}

function failed<Item>(items: readonly Item[], reason: string): BatchResult<Item> {
  return { outcome: "error", succeeded: [], retried: items, reason };
}
