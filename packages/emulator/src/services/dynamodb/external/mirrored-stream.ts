import type { Activity } from "../../../activity.ts";
import type { Clock } from "../../../core/clock.ts";
import type { HostTime } from "../../../core/host-time.ts";
import { AwsError } from "../../../protocols/errors.ts";
import type { ShardReader } from "../../shard-reader.ts";
import type { JsonObject } from "../attribute-value.ts";
import { retentionMs } from "../state/table-stream.ts";
import { MirroredShard } from "./mirrored-shard.ts";
import type { TableServer } from "./table-server.ts";

/** AWS: Lambda asks for records four times a second (AWS docs). */
const pollMs = 250;

export interface MirrorSurroundings {
  readonly server: TableServer;
  readonly clock: Clock;
  readonly host: HostTime;
  readonly activity: Pick<Activity, "begin">;
  readonly signal: AbortSignal;
}

/**
 * A table's stream on another server, as it was read so far. It is read while somebody waits for more: nobody can say when there
 * is. Records arrive when they are read, for that server has a clock of its own.
 */
export class MirroredStream {
  readonly arn: string;
  readonly #surroundings: MirrorSurroundings;
  readonly #shards = new Map<string, MirroredShard>();
  readonly #goneListeners = new Set<() => void>();
  #polling: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  /** Why it cannot be read. */
  #problem: string | undefined;
  #gone = false;

  constructor(arn: string, surroundings: MirrorSurroundings) {
    this.arn = arn;
    this.#surroundings = surroundings;
  }

  get isGone(): boolean {
    return this.#gone;
  }

  /** Reads what there is now. Resolves also where that fails: the stream's readers are told. */
  async poll(): Promise<void> {
    this.#polling ??= this.#readAll().finally(() => (this.#polling = undefined));
    await this.#polling;
  }

  /** The same after a poll that is under way, which may have missed what was written meanwhile. */
  async pollAgain(): Promise<void> {
    await this.#polling;
    await this.poll();
  }

  reader(): ShardReader {
    const [, , , region = "", , resource = ""] = this.arn.split(":");
    const shardOf = (shardId: string): MirroredShard | undefined =>
      this.#gone ? undefined : this.#shards.get(shardId);
    return {
      arn: this.arn,
      name: resource.split("/")[1] ?? "",
      region,
      streamId: this.arn,
      retentionMs,
      shards: () =>
        this.#gone
          ? []
          : [...this.#shards.values()].map(({ shardId, parents, closed }) => ({ shardId, parents, open: !closed })),
      read: (shardId, after, max) => {
        const read = shardOf(shardId)?.read(after.at === "sequence" ? after.sequence : undefined, max);
        if (read === undefined || read.records.length > 0 || this.#problem === undefined) return read;
        return { ...read, throttled: this.#problem };
      },
      latest: (shardId) => shardOf(shardId)?.newest,
      onAppend: (shardId, listener) => {
        const stop = shardOf(shardId)?.onChange(listener) ?? (() => {});
        this.#pollSoon(0);
        return stop;
      },
      onGone: (listener) => {
        this.#goneListeners.add(listener);
        return () => this.#goneListeners.delete(listener);
      },
    };
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #pollSoon(ms: number): void {
    const { host, signal } = this.#surroundings;
    if (this.#cancelTimer !== undefined || signal.aborted || this.#gone) return;
    this.#cancelTimer = host.setTimeout(() => {
      this.#cancelTimer = undefined;
      const isAwaited = [...this.#shards.values()].some((shard) => shard.isAwaited);
      if (!isAwaited && this.#problem === undefined) return;
      void this.poll().then(() => this.#pollSoon(pollMs));
    }, ms);
  }

  async #readAll(): Promise<void> {
    const { signal } = this.#surroundings;
    try {
      if (this.#shards.size === 0) await this.#discover();
      const read = async (shard: MirroredShard): Promise<void> => {
        if (!shard.closed) await this.#readShard(shard);
      };
      await Promise.all([...this.#shards.values()].map(read));
      this.#settle(undefined);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof AwsError)) throw error;
      if (error.code === "ResourceNotFoundException") this.#gone = true;
      this.#settle(`${error.code}: ${error.message}`);
    }
  }

  /** Tells of a problem, or that there is none any more. */
  #settle(problem: string | undefined): void {
    const isNews = this.#problem !== problem;
    this.#problem = problem;
    if (!isNews) return;
    this.#tell(() => {
      for (const shard of this.#shards.values()) shard.wake();
      if (this.#gone) for (const listener of this.#goneListeners) listener();
    });
  }

  async #discover(): Promise<void> {
    let last: unknown;
    do {
      const { StreamDescription: described } = await this.#call("DescribeStream", {
        StreamArn: this.arn,
        ...(last !== undefined && { ExclusiveStartShardId: last }),
      });
      const { Shards: shards, LastEvaluatedShardId }: JsonObject = { ...asObject(described) };
      for (const shard of listOf(shards)) {
        const { ShardId: shardId, ParentShardId: parent } = shard;
        if (typeof shardId !== "string" || this.#shards.has(shardId)) continue;
        this.#shards.set(shardId, new MirroredShard(shardId, typeof parent === "string" ? [parent] : []));
      }
      last = LastEvaluatedShardId;
    } while (last !== undefined);
  }

  /** To where the server has nothing more, or to the shard's end. */
  async #readShard(shard: MirroredShard): Promise<void> {
    for (;;) {
      const ShardIterator = shard.iterator ?? (await this.#iteratorOf(shard));
      // One that fails is not used again.
      shard.iterator = undefined;
      const { Records, NextShardIterator: next } = await this.#call("GetRecords", { ShardIterator });
      const records = listOf(Records);
      const { clock } = this.#surroundings;
      shard.add(records, clock.now());
      shard.trim(clock.now() - retentionMs);
      if (typeof next !== "string") {
        // Its children are known before anybody learns that it has ended.
        await this.#discover();
        shard.closed = true;
      } else {
        shard.iterator = next;
      }
      if (records.length > 0 || shard.closed) this.#tell(() => shard.wake());
      if (records.length === 0 || shard.closed) return;
    }
  }

  async #iteratorOf({ shardId, newest }: MirroredShard): Promise<unknown> {
    const at =
      newest === undefined
        ? { ShardIteratorType: "TRIM_HORIZON" }
        : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: newest };
    const { ShardIterator } = await this.#call("GetShardIterator", { StreamArn: this.arn, ShardId: shardId, ...at });
    return ShardIterator;
  }

  #call(operation: string, input: JsonObject): Promise<JsonObject> {
    const { server, signal } = this.#surroundings;
    return server.call(`DynamoDBStreams_20120810.${operation}`, input, signal);
  }

  #tell(listeners: () => void): void {
    const token = this.#surroundings.activity.begin(`reading ${this.arn}`);
    listeners();
    token.release();
  }
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value : [];
}
