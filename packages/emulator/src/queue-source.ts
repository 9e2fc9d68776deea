import type { MetFault } from "./faults.ts";
import { refusalOf } from "./stream-source.ts";
import type { QueueSource } from "./services/lambda/event-source-mappings/queue/queue-source.ts";
import type { QueueReader } from "./services/messaging/index.ts";

/** What a call of an operation is to suffer; undefined for one that goes on unharmed. */
export type QueueGate = (operation: "ReceiveMessage" | "DeleteMessage") => MetFault | undefined;

/** A queue as an event source mapping reads it: through `gate`, like everybody who calls SQS. Deletions are not delayed. */
export function queueSource(queue: QueueReader, gate: QueueGate): QueueSource {
  /** What a receive meets whose latency is passing. */
  let late: MetFault | undefined;
  return {
    ...queue,
    receive(max) {
      const waited = late;
      const met = waited ?? gate("ReceiveMessage");
      late = undefined;
      if (met !== undefined && met.latencyMs > 0 && waited === undefined) {
        late = met;
        return { kind: "delayed", ms: met.latencyMs };
      }
      return met?.error === undefined ? queue.receive(max) : refusalOf(met.error);
    },
    delete(receiptHandle) {
      return gate("DeleteMessage")?.error === undefined && queue.delete(receiptHandle);
    },
  };
}
