import type { TimelineEvent } from "@localemu/control";
import type { Clock } from "../../core/clock.ts";
import type { Ids } from "../../core/ids.ts";
import type { DocumentStore } from "../../storage/document-store.ts";
import type { OpenLog } from "../../storage/log-store.ts";

export interface KinesisSettings {
  /** Open shards that all provisioned streams of a region may have together. */
  readonly shardLimit: number;
  /** World time that CREATING and DELETING last, milliseconds; 0: a stream is ready before its call is answered. */
  readonly latencyMs: number;
  /** Whether shards take and give no more in a second than AWS's. */
  readonly throughputLimits: boolean;
}

/** A stream that is there, and ACTIVE, from the beginning. */
export interface StreamFromStart {
  readonly name: string;
  readonly shards: number;
  readonly region: string;
}

/** What Kinesis needs from the world that it lives in. */
export interface KinesisPorts {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly record: (event: TimelineEvent) => void;
  readonly settings: KinesisSettings;
  readonly initialStreams?: readonly StreamFromStart[];
  /** What outlives the emulator; undefined where nothing does. */
  readonly documents?: DocumentStore | undefined;
  /** Writes what was put into documents and logs; throws DataError. */
  readonly commit?: (() => void) | undefined;
  /** Finds or makes the log of a shard; default: a new one in memory. */
  readonly openLog?: OpenLog | undefined;
}
