/** Where identifiers and chance come from: one place, so that a world may be made reproducible. */
export interface Ids {
  /** A lower-case UUID of version 4. */
  uuid(): string;
  /** `bytes` random bytes as lower-case hex. */
  hex(bytes: number): string;
  bytes(count: number): Buffer;
  /** A number from 0 up to, but not including, 1: for choices, as between the two versions of an alias. */
  fraction(): number;
}

const poolSize = 4096;

/** Random identifiers. Bytes are drawn in blocks: one draw per request would cost more than the rest of a small call. */
export function randomIds(): Ids {
  const { randomFillSync, randomBytes, randomUUID } = process.getBuiltinModule("node:crypto");
  const pool = Buffer.alloc(poolSize);
  let used = poolSize;
  const take = (count: number): Buffer => {
    if (count > poolSize) return randomBytes(count);
    if (used + count > poolSize) {
      randomFillSync(pool);
      used = 0;
    }
    used += count;
    return pool.subarray(used - count, used);
  };
  return {
    uuid: () => randomUUID(),
    hex: (bytes) => take(bytes).toString("hex"),
    bytes: (count) => Buffer.from(take(count)),
    fraction: () => take(6).readUIntBE(0, 6) / 2 ** 48,
  };
}
