import type { AwsError } from "../../../protocols/errors.ts";
import type { QueueSource } from "./queue/queue-source.ts";
import type { StreamPosition } from "./stream/checkpoint.ts";
import type { ShardOfSet } from "./stream/shard-set.ts";

/** A stream as a mapping reads it: by position, in this process, never over HTTP. */
export interface StreamSource {
  /** As the mapping has it: the stream's, or that of one of its consumers. */
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  /** How long it keeps a record, milliseconds. */
  readonly retentionMs: number;
  /** Tells the stream from another that had its name. */
  readonly streamId: string;
  /** The shards that have not expired; none once the source is gone. */
  shards(): readonly ShardOfSet[];
  /** The position after all that a shard holds now. */
  latest(shardId: string): StreamPosition;
  /** What there is after a position, without waiting. */
  read(shardId: string, after: StreamPosition, most: { readonly records: number; readonly bytes: number }): SourceRead;
  /** Calls `listener` within each append to a shard and when it ends or goes; the returned function ends that. */
  onChange(shardId: string, listener: () => void): () => void;
}

export type SourceRead =
  | {
      readonly kind: "records";
      readonly records: readonly StreamRecord[];
      /** The last sequence number that was looked at. */
      readonly through: string | undefined;
      /** The shard is closed and there is nothing after `through`. */
      readonly closed: boolean;
    }
  | { readonly kind: "trimmed"; readonly oldest: StreamPosition }
  | { readonly kind: "gone" }
  | SourceRefusal
  | SourceDelay;

/** To be read again after a while. */
export interface SourceDelay {
  readonly kind: "delayed";
  /** World time, milliseconds. */
  readonly ms: number;
}

/** What a source that is there answers instead of records. */
export interface SourceRefusal {
  readonly kind: "refused";
  /** `denied`: nothing but a change of permissions helps. */
  readonly reason: "denied" | "transient";
  readonly error: string;
}

export interface StreamRecord {
  readonly sequence: string;
  readonly partitionKey: string;
  readonly data: Buffer;
  /** World time, milliseconds. */
  readonly arrival: number;
}

/** What became of an invocation. */
export type Invoked =
  | { readonly kind: "success"; readonly requestId: string; readonly executedVersion: string; readonly payload: string }
  | {
      readonly kind: "functionError";
      readonly error: "unhandled" | "timeout" | "exit";
      readonly requestId: string;
      readonly executedVersion: string;
      /** `errorType: errorMessage`, for people. */
      readonly message: string;
    }
  | {
      readonly kind: "notInvoked";
      readonly reason: "throttled" | "functionMissing" | "denied" | "serviceError";
      readonly message: string;
    };

/** A function as a mapping needs it. */
export interface MappedFunction {
  readonly name: string;
  /** As it was given. */
  readonly qualifier: string | undefined;
  /** With the qualifier, if there is one. */
  readonly arn: string;
  readonly role: string;
  /** How long an invocation may last, as the function had it when it was looked up. */
  readonly timeoutMs: number;
}

/** Where discarded batches are reported to. Rejects when the report cannot be delivered. */
export interface FailureDestination {
  /** `key` is the object's key in a bucket. */
  send(report: string, options: { readonly key?: string }): Promise<void>;
}

/** Everything that mappings need of the world around them. */
export interface MappingPorts {
  /** The stream of an ARN, its own or a consumer's, or undefined when there is none. */
  openStream(arn: string, reader: MappedFunction): Promise<StreamSource | undefined>;
  /** Calls `listener` when a stream or consumer is created under an ARN that had one before; the returned function ends that. */
  onStreamCreated(arn: string, listener: () => void): () => void;
  /** The queue of an ARN, or undefined when there is none. */
  openQueue(arn: string, reader: MappedFunction): Promise<QueueSource | undefined>;
  /** AWS's error where a function's role may not read a source; absent where all may. */
  readonly refusedSource?: ((arn: string, reader: MappedFunction) => AwsError | undefined) | undefined;
  /** Undefined for an ARN that no destination can be reached by. */
  openDestination(arn: string, sender: MappedFunction): Promise<FailureDestination | undefined>;
  /** By name, partial ARN or ARN, with or without a qualifier. Throws AwsError for a text that is none of these. */
  findFunction(reference: string, region: string): MappedFunction | undefined;
  /** `traceHeader`: the chain of requests that this is part of; a new one begins without it. */
  invoke(functionArn: string, region: string, payload: string, traceHeader?: string): Promise<Invoked>;
}
