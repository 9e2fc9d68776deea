import type { AwsError } from "../../../protocols/errors.ts";
import { isConsumerArn } from "./mapping.ts";
import type { Mapping } from "./mapping.ts";
import { invalid } from "./mapping-request.ts";
import type { MappingOptions } from "./mapping-options.ts";
import type { MappedFunction, MappingPorts } from "./ports.ts";
import { QueueMapping } from "./queue/queue-mapping.ts";
import { StreamMapping } from "./stream-mapping.ts";

/** What consumes the source of an enabled mapping. */
export interface RunningMapping {
  /** Resolves when nothing of it is under way any more. What it came to is kept in the mapping or in the source. */
  stop(): Promise<void>;
  /** How many records of a stream's shard were read and are not finished. */
  unfinishedOf?(shardId: string): number;
  /** When the oldest of all these records arrived, world time. */
  oldestArrival?(): number | undefined;
}

/** Begins to consume a source that was found, before it returns: what is put into it from then on is delivered. */
export type StartMapping = () => RunningMapping;

/** Finds what a mapping reads; undefined where there is no such source. Throws AwsError. */
export async function openSource(mapping: Mapping, options: MappingOptions): Promise<StartMapping | undefined> {
  switch (mapping.kind) {
    case "stream": {
      const source = await options.ports.openStream(mapping.eventSourceArn, mapping.function);
      return source && (() => new StreamMapping(mapping, source, options));
    }
    case "queue": {
      const source = await options.ports.openQueue(mapping.eventSourceArn, mapping.function);
      return source && (() => new QueueMapping(mapping, source, options));
    }
  }
}

/** Throws AWS's error where the role of a function may not read a source. */
export function refuseSource({ refusedSource }: MappingPorts, arn: string, mapped: MappedFunction): void {
  const refused = refusedSource?.(arn, mapped);
  if (refused !== undefined) throw refused;
}

/** What AWS says where there is no such source. */
export function sourceNotFound({ kind, eventSourceArn }: Mapping): AwsError {
  // Assumed: the text for a consumer that is not there, or not ACTIVE yet.
  if (kind === "stream" && isConsumerArn(eventSourceArn))
    return invalid(`Stream consumer not found: ${eventSourceArn}`);
  if (kind === "stream") return invalid(`Stream not found: ${eventSourceArn}`);
  // AWS: the text (recorded on AWS).
  return invalid(
    "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. " +
      "SQS Error Message: The specified queue does not exist.",
  );
}
