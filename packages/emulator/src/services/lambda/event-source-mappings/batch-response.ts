import { compareSequences, type RecordReference } from "./stream/record.ts";

/** What a function that ran without an error says of its batch. */
export type BatchVerdict =
  | { readonly kind: "success"; readonly state?: string }
  /** All before `from` is done; `from` is the sequence number as the batch has it. */
  | { readonly kind: "partial"; readonly from: string; readonly state?: string }
  | { readonly kind: "functionError"; readonly error: "badResponse" | "missingState"; readonly message: string };

const success: BatchVerdict = Object.freeze({ kind: "success" });

const missingState: BatchVerdict = Object.freeze({
  kind: "functionError",
  error: "missingState",
  message: "the response has no state",
});

/** How a mapping reads its function's responses; whatever it does not read makes no difference. */
export interface ResponseReading {
  /** It has ReportBatchItemFailures. */
  readonly itemFailures: boolean;
  /** It has tumbling windows. */
  readonly state: boolean;
}

/** Reads a function's response to `records`, the batch, in order; an invocation that closes a window has none. */
export function evaluateResponse(
  payload: string,
  records: readonly RecordReference[],
  reads: ResponseReading,
): BatchVerdict {
  const verdict = reads.itemFailures ? evaluateBatchResponse(payload, records) : success;
  if (!reads.state || verdict.kind === "functionError") return verdict;
  // AWS: in a tumbling window a response without a state is a failed invocation (AWS docs).
  // Assumed: the last of a window too, and any value is a state.
  const response = parse(payload);
  if (typeof response !== "object" || response === null || !("state" in response)) return missingState;
  return { ...verdict, state: JSON.stringify(response.state) };
}

/**
 * Reads a function's response where the mapping has ReportBatchItemFailures; without it every response is a success.
 * `records` is the batch, in order.
 */
// AWS: an empty string, list, object or report, null, and a null report are complete successes; an identifier that is
// empty, null, missing or not of the batch fails the whole batch (recorded on AWS). Of several reported records the
// one with the lowest sequence number counts (AWS docs).
export function evaluateBatchResponse(payload: string, records: readonly RecordReference[]): BatchVerdict {
  const failures = reportedFailures(payload);
  if (failures === undefined || failures === null) return success;
  if (!Array.isArray(failures)) return badResponse("batchItemFailures is not a list");
  let lowest: string | undefined;
  // Assumed: one identifier that does not fit spoils the report, whatever else it says.
  for (const failure of failures) {
    const identifier = itemIdentifier(failure);
    const reported = typeof identifier === "string" ? sequenceInBatch(identifier, records) : undefined;
    if (reported === undefined) return badResponse(`itemIdentifier ${JSON.stringify(identifier)} is not in the batch`);
    if (lowest === undefined || compareSequences(reported, lowest) < 0) lowest = reported;
  }
  return lowest === undefined ? success : { kind: "partial", from: lowest };
}

/** The value of `batchItemFailures`. Assumed: what is no JSON object reports nothing. */
export function reportedFailures(payload: string): unknown {
  const response = parse(payload);
  if (typeof response !== "object" || response === null || !("batchItemFailures" in response)) return undefined;
  return response.batchItemFailures;
}

function parse(payload: string): unknown {
  if (payload === "") return undefined;
  try {
    return JSON.parse(payload);
  } catch {
    // Assumed: a response that is not JSON reports nothing either.
    return undefined;
  }
}

export function itemIdentifier(failure: unknown): unknown {
  if (typeof failure !== "object" || failure === null || !("itemIdentifier" in failure)) return undefined;
  return failure.itemIdentifier;
}

/** Finds a record by halving: a batch is in order. */
function sequenceInBatch(identifier: string, records: readonly RecordReference[]): string | undefined {
  if (!/^\d+$/.test(identifier)) return undefined;
  let low = 0;
  let high = records.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const record = records[middle];
    if (record === undefined) return undefined;
    const order = compareSequences(identifier, record.sequence);
    if (order === 0) return record.sequence;
    if (order < 0) high = middle - 1;
    else low = middle + 1;
  }
  return undefined;
}

function badResponse(message: string): BatchVerdict {
  return { kind: "functionError", error: "badResponse", message };
}
