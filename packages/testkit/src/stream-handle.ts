import type { ControlClient, JsonObject } from "@localemu/control";
import { type StreamSubject, subject } from "./matchers/subject.ts";
import { decodeShards, type StreamRecord } from "./stream-shards.ts";

/** Where a record that was put is kept. */
export interface PutResult {
  readonly shardId: string;
  readonly sequenceNumber: string;
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
  async put(data: string | Uint8Array, options: { readonly partitionKey: string }): Promise<PutResult> {
    const output = await this.#control.call("kinesis", "PutRecord", {
      StreamName: this.name,
      Data: base64(data),
      PartitionKey: options.partitionKey,
    });
    return putResult(output);
  }

  /**
   * Puts one record of JSON for each value, in order, as few calls as possible. Throws ControlError as PutRecords does, and an
   * Error that names the first refusal when a call takes some of its records only.
   */
  async putJson<Value>(
    values: readonly Value[],
    options: { readonly partitionKey: string | ((value: Value) => string) },
  ): Promise<readonly PutResult[]> {
    const { partitionKey } = options;
    const entries = values.map((value) => ({
      Data: base64(JSON.stringify(value)),
      PartitionKey: typeof partitionKey === "string" ? partitionKey : partitionKey(value),
    }));
    const results: PutResult[] = [];
    for (const call of intoCalls(entries)) results.push(...(await this.#putRecords(call)));
    return results;
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

function base64(data: string | Uint8Array): string {
  return Buffer.from(data).toString("base64");
}

function putResult(output: JsonObject): PutResult {
  return { shardId: String(output["ShardId"]), sequenceNumber: String(output["SequenceNumber"]) };
}
