import { itemIdentifier, reportedFailures } from "../batch-response.ts";

/** What a function that ran without an error says of its messages. */
export type MessageVerdict =
  | { readonly kind: "success" }
  /** All but the messages with these ids are done. */
  | { readonly kind: "partial"; readonly failed: ReadonlySet<string> }
  | { readonly kind: "functionError"; readonly error: "badResponse"; readonly message: string };

/** Reads a function's response where the mapping has ReportBatchItemFailures; without it every response is a success. */
// AWS: which responses are successes, and that an identifier which is empty, null, missing or not of the batch fails the
// whole batch (recorded on AWS; AWS docs).
export function evaluateMessageResponse(
  payload: string,
  messages: readonly { readonly messageId: string }[],
): MessageVerdict {
  const failures = reportedFailures(payload);
  if (failures === undefined || failures === null) return { kind: "success" };
  if (!Array.isArray(failures)) return badResponse("batchItemFailures is not a list");
  if (failures.length === 0) return { kind: "success" };
  const batch = new Set(messages.map(({ messageId }) => messageId));
  const failed = new Set<string>();
  // Assumed: one identifier that does not fit spoils the report, whatever else it says.
  for (const failure of failures) {
    const identifier = itemIdentifier(failure);
    if (typeof identifier !== "string" || !batch.has(identifier))
      return badResponse(`itemIdentifier ${JSON.stringify(identifier)} is not in the batch`);
    failed.add(identifier);
  }
  return { kind: "partial", failed };
}

function badResponse(message: string): MessageVerdict {
  return { kind: "functionError", error: "badResponse", message };
}
