/** What one round found for one metric: the emulator beside its yardstick, measured right after each other. */
export interface Sample {
  readonly metric: string;
  readonly unit: "ms" | "MiB" | "calls/s" | "records/s" | "µs/call" | "MiB/s" | "timers" | "B/record" | "µs/record";
  readonly emulator: number;
  /** What the yardstick is, and its value. */
  readonly against: string;
  readonly yardstick: number;
}

export interface Effort {
  /** Cold starts and cold invokes in a round. */
  readonly colds: number;
  /** Calls one after the other. */
  readonly calls: number;
  /** Calls of 32 callers together. */
  readonly concurrentCalls: number;
  /** How long 16 callers of a function are watched, after as long a time in which they warm up, milliseconds. */
  readonly concurrentMs: number;
  /** Calls of PutRecords, 500 records each. */
  readonly batches: number;
  /** Records that a mapping brings to its function, at least. */
  readonly mapped: number;
  /** Event source mappings that have nothing to do. */
  readonly idleMappings: number;
  /** How long they are watched, and then idle shards, milliseconds. */
  readonly idleMs: number;
  readonly idleShardsMs: number;
  /** How long a stream is, MiB. */
  readonly streamedMib: number;
  /** Records of 1 KiB, and of 100 bytes, that are kept. */
  readonly keptLarge: number;
  readonly keptSmall: number;
  /** Shards of one stream, and streams, that a put must not mind. */
  readonly many: number;
  /** How long after the last put memory is looked at, milliseconds. */
  readonly settleMs: number;
  /** How long each peer is called for a rate, milliseconds. */
  readonly rateMs: number;
  /** Records of 1 KiB, and of 100 bytes, that LocalEmu and a peer keep. */
  readonly keptByPeers: number;
}

export const thorough: Effort = {
  colds: 5,
  calls: 1000,
  concurrentCalls: 12_000,
  concurrentMs: 3000,
  batches: 60,
  mapped: 20_000,
  idleMappings: 1000,
  idleMs: 60_000,
  idleShardsMs: 5000,
  streamedMib: 1024,
  keptLarge: 200_000,
  keptSmall: 1_000_000,
  many: 1000,
  settleMs: 5000,
  rateMs: 2000,
  keptByPeers: 200_000,
};

export const quick: Effort = {
  colds: 2,
  calls: 300,
  concurrentCalls: 4000,
  concurrentMs: 1500,
  batches: 20,
  mapped: 4000,
  idleMappings: 200,
  idleMs: 1000,
  idleShardsMs: 1000,
  streamedMib: 256,
  keptLarge: 40_000,
  keptSmall: 100_000,
  many: 200,
  settleMs: 1000,
  rateMs: 1000,
  keptByPeers: 20_000,
};
