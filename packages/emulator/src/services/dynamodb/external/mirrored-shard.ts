import type { RecordView, ShardRead } from "../../shard-reader.ts";
import type { JsonObject } from "../attribute-value.ts";

/** What was read of one shard of another server. */
export class MirroredShard {
  readonly shardId: string;
  readonly parents: readonly string[];
  /** Where the next read goes on; undefined when that is to be asked for. */
  iterator: string | undefined;
  /** It has ended, and all of it was read. */
  closed = false;
  readonly #records: RecordView[] = [];
  readonly #listeners = new Set<() => void>();
  #newest: string | undefined;
  #trimmed: string | undefined;

  constructor(shardId: string, parents: readonly string[]) {
    this.shardId = shardId;
    this.parents = parents;
  }

  /** Sequence number of the last record that was read. */
  get newest(): string | undefined {
    return this.#newest;
  }

  get isAwaited(): boolean {
    return this.#listeners.size > 0;
  }

  /** Takes records as GetRecords has them in JSON. */
  add(records: readonly JsonObject[], now: number): void {
    for (const record of records) {
      const { userIdentity, dynamodb, ...members } = record;
      const change: JsonObject = typeof dynamodb === "object" ? { ...dynamodb } : {};
      const sequenceNumber = String(change["SequenceNumber"]);
      const identity = identityOf(userIdentity);
      const data = JSON.stringify({ ...members, dynamodb, ...(identity && { userIdentity: identity }) });
      this.#records.push({
        sequenceNumber,
        partitionKey: JSON.stringify(change["Keys"]),
        data: Buffer.from(data),
        approximateArrival: now,
      });
      this.#newest = sequenceNumber;
    }
  }

  /** Forgets what came before a time. */
  trim(time: number): void {
    const kept = this.#records.findIndex(({ approximateArrival }) => approximateArrival >= time);
    const dropped = this.#records.splice(0, kept === -1 ? this.#records.length : kept);
    this.#trimmed = dropped.at(-1)?.sequenceNumber ?? this.#trimmed;
  }

  read(after: string | undefined, max: { readonly records: number; readonly bytes: number }): ShardRead {
    const start = after === undefined ? 0 : this.#records.findIndex((each) => isAfter(each.sequenceNumber, after));
    const records: RecordView[] = [];
    let bytes = 0;
    for (const record of start === -1 ? [] : this.#records.slice(start, start + max.records)) {
      bytes += record.data.length;
      if (records.length > 0 && bytes > max.bytes) break;
      records.push(record);
    }
    const isLast = records.at(-1)?.sequenceNumber === this.#newest || start === -1 || this.#records.length === 0;
    const trimmed = this.#trimmed;
    const hasLost = trimmed !== undefined && after !== undefined && isAfter(trimmed, after);
    return { records, closed: this.closed && isLast, ...(hasLost && { trimmedTo: trimmed }) };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  wake(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Functions get other names than clients of the API. */
function identityOf(given: unknown): object | undefined {
  if (typeof given !== "object" || given === null) return undefined;
  const { PrincipalId: principalId, Type: type }: JsonObject = { ...given };
  return { type, principalId };
}

/** Whether a number of digits is greater than another one. */
function isAfter(a: string, b: string): boolean {
  const [left, right] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  return left.length === right.length ? left > right : left.length > right.length;
}
