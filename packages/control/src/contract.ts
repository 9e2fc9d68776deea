/**
 * What the control API takes and gives, under `/_localemu/` of an endpoint (with a world's path prefix, of that world).
 * Bodies are JSON; errors are `{ "error": { "code", "message" } }` with a 4xx or 5xx status.
 */

/** `GET /_localemu/info` */
export interface Info {
  readonly version: string;
  readonly region: string;
  readonly accountId: string;
  readonly world: string;
  /** Credentials that lead to this world by themselves, whatever the endpoint. */
  readonly credentials: Credentials;
  /** The endpoint under which this call came in, with the world's path prefix. */
  readonly endpoint: string;
  /** Of LocalEmu, of Node.js, and of the libraries that serve queues, topics, buckets and tables. */
  readonly versions: Readonly<Record<"localemu" | "node" | "fauxqs" | "dynalite", string>>;
  /** Host time since the start, milliseconds. */
  readonly uptimeMs: number;
  /** The options that were set, by their names in `startEmulator`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What all worlds have. */
  readonly worlds: readonly WorldCounts[];
}

/** How much there is in a world, over all regions. */
export interface WorldCounts {
  readonly name: string;
  readonly streams: number;
  readonly functions: number;
  /** Execution environments that live. */
  readonly environments: number;
  readonly mappings: number;
  readonly queues: number;
  /** Timers that something waits for: see `POST /_localemu/idle`. */
  readonly workTimers: number;
  /** Things that are being done right now. */
  readonly underWay: number;
}

/** `GET /_localemu/health`; `503` and `stopping` while it is about to end, for whoever is not to send it anything any more. */
export interface Health {
  readonly status: "ready" | "stopping";
  readonly version: string;
  /** Host time since the start, milliseconds. */
  readonly uptimeMs: number;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** `POST /_localemu/worlds`; `GET /_localemu/worlds` gives `{ worlds: WorldInfo[] }`; `DELETE /_localemu/worlds/<name>`. */
export interface CreateWorldRequest {
  /** `[a-z0-9-]{1,63}`; made up when absent. */
  readonly name?: string;
  /**
   * With a lease, the world is disposed 10 s after the last request to `worlds/<name>/lease` (server-sent events) closed,
   * or 10 s after its creation if none was opened. Default false: it lives until it is deleted.
   */
  readonly lease?: boolean;
}

export interface WorldInfo {
  readonly name: string;
  /** Endpoint with the world's path prefix, under the caller's origin. */
  readonly endpoint: string;
  readonly credentials: Credentials;
}

/** `POST /_localemu/idle` */
export interface IdleRequest {
  /** Host time to wait at most, milliseconds; default 10 000. */
  readonly timeoutMs?: number;
}

/** `idle`: nothing more can happen. `sleeping`: only a timer is left. `busy`: the time-out passed first. */
export type IdleReport =
  | { readonly state: "idle" }
  | {
      readonly state: "sleeping";
      readonly nextTimer: { readonly label: string; readonly at: number; readonly inMs: number };
    }
  | { readonly state: "busy"; readonly busy: readonly { readonly label: string; readonly count: number }[] };

export type ClockMode = "running" | "frozen" | "auto";

/** `GET /_localemu/clock`, and the answer of every change. */
export interface ClockState {
  readonly mode: ClockMode;
  /** World time, milliseconds since the epoch. */
  readonly now: number;
}

/** `POST /_localemu/clock` */
export type ClockRequest =
  | { readonly action: "freeze"; /** World time to freeze at, not before now. */ readonly at?: number }
  | { readonly action: "set"; /** World time, milliseconds since the epoch, not before now. */ readonly to: number }
  | { readonly action: "advance"; /** Milliseconds. */ readonly ms: number }
  | { readonly action: "resume" }
  | { readonly action: "auto" };

/**
 * `POST /_localemu/faults` adds one and gives a {@link Fault}; `GET` gives `{ faults: Fault[] }`; `DELETE` removes all,
 * `DELETE /_localemu/faults/<id>` one. A call that no rule matches goes on unharmed; of several the newest decides.
 */
export interface FaultRule {
  /** `<service>:<Operation>` as in `kinesis:PutRecords`, or `<service>:*`. */
  readonly operation: string;
  /**
   * Whose calls: those of AWS clients, what event source mappings do inside the emulator (`kinesis:GetRecords`,
   * `sqs:ReceiveMessage`, `lambda:Invoke`, and the operation that reports to their destination), or the operation by which what
   * became of an asynchronous invocation (`event`) is told to its destinations. Default: everybody's.
   */
  readonly caller?: "client" | "mapping" | "event";
  /** How likely it is to be met, from 0 to 1. Default 1. Which calls meet it is decided by the world's seed. */
  readonly probability?: number;
  /** How many calls may meet it. Default: any number. */
  readonly times?: number;
  /** Code of the error that a call fails with. Default: it does not fail. */
  readonly error?: string;
  /** Default: says that the error was injected. */
  readonly message?: string;
  /** HTTP status. Default: that of the error in the service's model. */
  readonly statusCode?: number;
  /** World time that a call waits first, milliseconds. Default 0. */
  readonly latencyMs?: number;
}

/** A rule that is in force. */
export interface Fault extends FaultRule {
  readonly id: string;
  /** How many calls have met it. */
  readonly met: number;
}

/**
 * `POST /_localemu/runtime/<function>`: makes a function without code, to be run from outside, where there is none of the name;
 * changes the settings that are given where there is. Gives an {@link AttachedFunction}.
 */
export interface AttachRequest {
  /** Default AWS's 3. */
  readonly timeoutSeconds?: number;
  /** Default AWS's 128. */
  readonly memorySizeMb?: number;
  /** The function's variables. Default none. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * A function that can be run from outside: who polls `<runtimeApi>/2018-06-01/runtime/invocation/next` gets its invocations.
 * `POST /_localemu/runtime/<function>/pause` stops its time limits and world time, `…/resume` lets them go on.
 */
export interface AttachedFunction {
  readonly functionName: string;
  readonly functionArn: string;
  /** `$LATEST`, or the version that the name's qualifier leads to. */
  readonly version: string;
  readonly timeoutSeconds: number;
  readonly memorySizeMb: number;
  readonly logGroup: string;
  /** How many polls wait, or have an invocation: `GET /_localemu/runtime/<function>` tells. */
  readonly polls: number;
  /** Under the caller's origin. */
  readonly runtimeApi: string;
}

/** `GET /_localemu/peek/streams/<name>?region=`: everything that is stored, nothing consumed. */
export interface PeekedStream {
  readonly streamName: string;
  readonly streamArn: string;
  readonly status: string;
  readonly shards: readonly PeekedShard[];
}

export interface PeekedShard {
  readonly shardId: string;
  readonly records: readonly PeekedRecord[];
}

export interface PeekedRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** World time, milliseconds since the epoch. */
  readonly approximateArrival: number;
  /** Base64. */
  readonly data: string;
}

/** `GET /_localemu/peek/tables/<name>?region=`: everything that is stored, nothing consumed. */
export interface PeekedTable {
  readonly tableName: string;
  /** As DynamoDB's API has them in JSON: `{ "id": { "S": "a" } }`. In the order of their keys' hashes. */
  readonly items: readonly object[];
  /** ARN of the table's stream, or of its last one; absent where it never had one. */
  readonly streamArn?: string;
  /** Of that stream. A record's key is that of its item, JSON; its data the record as functions get it, without `eventSourceARN`. */
  readonly shards: readonly PeekedShard[];
}

/** `GET /_localemu/peek/queues/<name>?region=` */
export interface PeekedQueue {
  readonly queueName: string;
  readonly messages: readonly PeekedMessage[];
}

export interface PeekedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly state: "visible" | "inFlight" | "delayed";
  readonly receiveCount: number;
  /** Of a FIFO queue's message. */
  readonly groupId?: string;
}

/** `GET /_localemu/peek/topics/<name>?region=` */
export interface PeekedTopic {
  readonly topicName: string;
  readonly topicArn: string;
  readonly subscriptions: readonly { readonly protocol: string; readonly endpoint: string }[];
  /** What was published, whether or not somebody subscribes; oldest first, the last 1000. */
  readonly notifications: readonly PeekedNotification[];
}

export interface PeekedNotification {
  readonly messageId: string;
  readonly message: string;
  readonly subject?: string;
  readonly attributes: Readonly<Record<string, { readonly type: string; readonly value: string }>>;
  /** Of a FIFO topic's message. */
  readonly groupId?: string;
  /** World time, milliseconds since the epoch. */
  readonly publishedAt: number;
}

/** `GET /_localemu/peek/buckets/<name>?key=`: all objects, or the one with that key if there is one. */
export interface PeekedBucket {
  readonly bucketName: string;
  /** By key. */
  readonly objects: readonly PeekedObject[];
}

export interface PeekedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** World time, milliseconds since the epoch. */
  readonly lastModified: number;
  /** Base64. Left out where the object has more than 1 MiB and was not asked for by its key. */
  readonly data?: string;
}

/** `GET /_localemu/peek/functions?region=` gives `{ functions: FunctionState[] }`. */
export interface FunctionState {
  readonly functionName: string;
  readonly functionArn: string;
  /** Absent where a container image is the function. */
  readonly runtime?: string;
  /** Lambda's `State` of `$LATEST`. */
  readonly state: string;
  /** Absent where the function reserves none. */
  readonly reservedConcurrency?: number;
  /** Invocations since it was made. */
  readonly invoked: number;
  /** Invocations under way. */
  readonly running: number;
  readonly environments: readonly { readonly environment: string; readonly state: "starting" | "ready" }[];
}

/** `GET /_localemu/peek/functions/<name>?region=` */
export interface PeekedFunction extends FunctionState {
  /** Oldest first: the last 1000, or fewer where their payloads and responses pass 8 MiB together. */
  readonly invocations: readonly PeekedInvocation[];
}

export interface PeekedInvocation {
  readonly requestId: string;
  /** World time, milliseconds since the epoch. */
  readonly at: number;
  /** `event source mapping`, or the operation by which the function was invoked. */
  readonly source: string;
  readonly executedVersion: string;
  /** The event, as JSON text. */
  readonly payload: string;
  readonly outcome: "running" | "success" | "error";
  /** What was answered, as text; the error document of a function error. Absent while it runs, empty where it was streamed. */
  readonly response?: string;
  /** `errorType: errorMessage` of a function error. */
  readonly error?: string;
}

/** `GET /_localemu/peek/mappings/<uuid>` and `/_localemu/peek/mappings` (`{ mappings: PeekedMapping[] }`) */
export interface PeekedMapping {
  readonly uuid: string;
  readonly functionName: string;
  readonly eventSourceArn: string;
  readonly state: string;
  /** Empty for a queue: AWS has it for streams alone. */
  readonly lastProcessingResult: string;
  /** World time when the oldest record arrived that was read from a stream and is not finished; absent where there is none. */
  readonly oldestArrival?: number;
  readonly shards: readonly {
    readonly shardId: string;
    /** Sequence number up to which everything is finished, `TRIM_HORIZON` or `SHARD_END`. */
    readonly checkpoint: string;
    /** Records read and not yet finished. */
    readonly unfinished: number;
  }[];
}

/**
 * `GET /_localemu/timeline?after=<id>&limit=<n>`: JSON lines, one TimelineEntry each (the newest `limit`, default all kept).
 * With `Accept: text/event-stream` it goes on with what happens.
 */
export interface TimelineQuery {
  readonly after?: number;
  readonly limit?: number;
}

export interface ControlErrorBody {
  readonly error: { readonly code: string; readonly message: string };
}
