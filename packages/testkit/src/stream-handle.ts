import type { ControlClient, JsonObject } from "@localemu/control";
import { isPlainObject } from "./matchers/match.ts";
import { type StreamSubject, subject } from "./matchers/subject.ts";
import { decodeShards, type StreamRecord } from "./stream-shards.ts";

/** Where a record that was put is kept. */
export interface PutResult {
  readonly shardId: string;
  readonly sequenceNumber: string;
}

/** A record to put. */
export interface RecordToPut {
  /** Text as UTF-8, or bytes. */
  readonly data: string | Uint8Array;
  readonly partitionKey: string;
  /** Decides the shard in place of the partition key: a decimal number below 2^128. */
  readonly explicitHashKey?: string;
}

/** The last record of each shard; null where there is none. */
export interface StreamCursor {
  readonly shards: Readonly<Record<string, string | null>>;
}

/** What PutRecords takes in one call. */
const longestCall = 500;
/** Below the 5 MiB that PutRecords took for years (it is 10 MiB today), for what base64 and JSON add. */
const largestCall = 4 * 1024 * 1024;

/**
 * A Kinesis stream of a world. It may be given to `expect` for the matchers of streams.
 *
 * @example
 * ```ts
 * const stream = await emu.createStream("orders", { shards: 2 });
 * await stream.putJson([{ id: 1 }, { id: 2 }], { partitionKey: (order) => String(order.id) });
 * await expect(stream).toHaveRecordTimes(2);
 * ```
 */
export class StreamHandle {
  readonly name: string;
  readonly arn: string;
  readonly #control: ControlClient;

  /** Use `emu.createStream(…)` or `emu.stream(…)`. */
  constructor(control: ControlClient, name: string, arn: string) {
    this.#control = control;
    this.name = name;
    this.arn = arn;
  }

  /** Puts one record: text as UTF-8, or bytes. Throws ControlError as PutRecord does. */
  async put(data: string | Uint8Array, options: Omit<RecordToPut, "data">): Promise<PutResult> {
    const output = await this.#control.call("kinesis", "PutRecord", {
      StreamName: this.name,
      ...entryOf({ data, ...options }),
    });
    return putResult(output);
  }

  /**
   * Puts records in order, as few calls as possible. Throws ControlError as PutRecords does, and an Error that names the first
   * refusal when a call takes some of its records only.
   */
  async putRecords(records: readonly RecordToPut[]): Promise<readonly PutResult[]> {
    const results: PutResult[] = [];
    for (const call of intoCalls(records.map(entryOf))) results.push(...(await this.#putRecords(call)));
    return results;
  }

  /**
   * Puts one record of JSON for each value, as `putRecords` does.
   */
  putJson<Value>(
    values: readonly Value[],
    options: { readonly partitionKey: string | ((value: Value) => string) },
  ): Promise<readonly PutResult[]> {
    const { partitionKey } = options;
    return this.putRecords(
      values.map((value) => ({
        data: JSON.stringify(value),
        partitionKey: typeof partitionKey === "string" ? partitionKey : partitionKey(value),
      })),
    );
  }

  /**
   * Splits a shard in two, by default in the middle of its hash keys; `at` is the first hash key of the second half.
   * Throws ControlError as SplitShard does.
   */
  async split(shardId: string, { at }: { readonly at?: string } = {}): Promise<void> {
    await this.#control.call("kinesis", "SplitShard", {
      StreamName: this.name,
      ShardToSplit: shardId,
      NewStartingHashKey: at ?? (await this.#middleOf(shardId)),
    });
  }

  /** Merges two shards whose hash keys are adjacent. Throws ControlError as MergeShards does. */
  async merge(shardId: string, adjacent: string): Promise<void> {
    await this.#control.call("kinesis", "MergeShards", {
      StreamName: this.name,
      ShardToMerge: shardId,
      AdjacentShardToMerge: adjacent,
    });
  }

  /** Where the stream ends now: what is put later is after it. */
  async cursor(): Promise<StreamCursor> {
    const { shards } = await this.#control.peek.stream(this.name);
    return {
      shards: Object.fromEntries(
        shards.map(({ shardId, records }) => [shardId, records.at(-1)?.sequenceNumber ?? null]),
      ),
    };
  }

  /** Every record that the stream keeps, shard by shard, oldest first; nothing is consumed. */
  async records(): Promise<readonly StreamRecord[]> {
    const shards = decodeShards(await this.#control.peek.stream(this.name));
    return shards.flatMap(({ records }) => records);
  }

  /** What the matchers read. */
  get [subject](): StreamSubject {
    return {
      kind: "stream",
      name: this.name,
      world: this.#control,
      read: async () => decodeShards(await this.#control.peek.stream(this.name)),
    };
  }

  async #middleOf(shardId: string): Promise<string> {
    const { Shards: shards } = await this.#control.call("kinesis", "ListShards", { StreamName: this.name });
    const all: readonly JsonObject[] = Array.isArray(shards) ? shards : [];
    const range = all.find((shard) => shard["ShardId"] === shardId)?.["HashKeyRange"];
    if (!isPlainObject(range)) throw new Error(`The stream ${this.name} has no shard ${shardId}`);
    const [first, last] = [range["StartingHashKey"], range["EndingHashKey"]].map((key) => BigInt(String(key)));
    return String(((first ?? 0n) + (last ?? 0n) + 1n) / 2n);
  }

  async #putRecords(entries: readonly Entry[]): Promise<readonly PutResult[]> {
    const output = await this.#control.call("kinesis", "PutRecords", { StreamName: this.name, Records: entries });
    const results: readonly JsonObject[] = Array.isArray(output["Records"]) ? output["Records"] : [];
    const refused = results.filter((result) => result["ErrorCode"] !== undefined);
    const [first] = refused;
    if (first !== undefined) {
      const reason = `${String(first["ErrorCode"])}: ${String(first["ErrorMessage"])}`;
      throw new Error(`${refused.length} of ${entries.length} records were refused by ${this.name}: ${reason}`);
    }
    return results.map(putResult);
  }
}

interface Entry {
  readonly Data: string;
  readonly PartitionKey: string;
  readonly ExplicitHashKey?: string;
}

function entryOf({ data, partitionKey, explicitHashKey }: RecordToPut): Entry {
  return {
    Data: Buffer.from(data).toString("base64"),
    PartitionKey: partitionKey,
    ...(explicitHashKey !== undefined && { ExplicitHashKey: explicitHashKey }),
  };
}

function* intoCalls(entries: readonly Entry[]): Generator<readonly Entry[]> {
  let call: Entry[] = [];
  let size = 0;
  for (const entry of entries) {
    const entrySize = entry.Data.length + entry.PartitionKey.length;
    if (call.length === longestCall || (call.length > 0 && size + entrySize > largestCall)) {
      yield call;
      call = [];
      size = 0;
    }
    call.push(entry);
    size += entrySize;
  }
  if (call.length > 0) yield call;
}

function putResult(output: JsonObject): PutResult {
  return { shardId: String(output["ShardId"]), sequenceNumber: String(output["SequenceNumber"]) };
}
