import type * as sdk from "@aws-sdk/client-cloudwatch-logs";
import type { Clock } from "../../core/clock.ts";
import { DataError } from "../../core/data-error.ts";
import type { CallContext, ServiceImplementation } from "../../protocols/operations.ts";
import type { DocumentStore } from "../../storage/document-store.ts";
import { notImplemented } from "./not-implemented.ts";
import { createLogGroup } from "./operations/create-log-group.ts";
import { createLogStream } from "./operations/create-log-stream.ts";
import { deleteLogGroup } from "./operations/delete-log-group.ts";
import { deleteLogStream } from "./operations/delete-log-stream.ts";
import { deleteRetentionPolicy } from "./operations/delete-retention-policy.ts";
import { describeLogGroups } from "./operations/describe-log-groups.ts";
import { describeLogStreams } from "./operations/describe-log-streams.ts";
import { filterLogEvents } from "./operations/filter-log-events.ts";
import { getLogEvents } from "./operations/get-log-events.ts";
import { listTagsForResource } from "./operations/list-tags-for-resource.ts";
import { putLogEvents } from "./operations/put-log-events.ts";
import { putRetentionPolicy } from "./operations/put-retention-policy.ts";
import { tagResource } from "./operations/tag-resource.ts";
import { untagResource } from "./operations/untag-resource.ts";
import { LogGroupSettings } from "./state/group-settings.ts";
import { LogStore } from "./state/log-store.ts";

export type LogsOperations = ServiceImplementation<typeof sdk, CallContext, keyof typeof notImplemented>;

interface LogsPorts {
  readonly clock: Clock;
  /** What outlives the emulator. */
  readonly documents: DocumentStore;
}

/** CloudWatch Logs of one world: what functions wrote, and enough of the API to read it. */
export interface Logs {
  readonly operations: LogsOperations;
  /** The operations that are declined, each with its reason. */
  readonly notImplemented: Readonly<Record<string, string>>;
  /** Stores one line, without going through the API; `timestamp` is world time, milliseconds since the epoch. */
  write(region: string, group: string, stream: string, timestamp: number, message: string): void;
}

export function createLogs({ clock, documents }: LogsPorts): Logs {
  const store = new LogStore(clock, documents);
  const parts = { store, settings: new LogGroupSettings(documents, store) };
  return {
    operations: {
      CreateLogGroup: (input, call) => createLogGroup(parts, input, call),
      CreateLogStream: (input, call) => createLogStream(store, input, call),
      DeleteLogGroup: (input, call) => deleteLogGroup(store, input, call),
      DeleteLogStream: (input, call) => deleteLogStream(store, input, call),
      DeleteRetentionPolicy: (input, call) => deleteRetentionPolicy(parts, input, call),
      DescribeLogGroups: (input, call) => describeLogGroups(parts, input, call),
      DescribeLogStreams: (input, call) => describeLogStreams(store, input, call),
      FilterLogEvents: (input, call) => filterLogEvents(store, input, call),
      GetLogEvents: (input, call) => getLogEvents(store, input, call),
      ListTagsForResource: (input, call) => listTagsForResource(parts, input, call),
      PutLogEvents: (input, call) => putLogEvents({ store, clock }, input, call),
      PutRetentionPolicy: (input, call) => putRetentionPolicy(parts, input, call),
      TagResource: (input, call) => tagResource(parts, input, call),
      UntagResource: (input, call) => untagResource(parts, input, call),
    },
    notImplemented,
    write(region, group, stream, timestamp, message) {
      try {
        store.write(region, group, stream, timestamp, message);
      } catch (error) {
        // The line is in memory. That nothing is kept any more is told by what keeps it.
        if (!(error instanceof DataError)) throw error;
      }
    },
  };
}
