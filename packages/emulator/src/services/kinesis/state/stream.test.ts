import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashOfPartitionKey } from "../hash-key.ts";
import { kinesisWithStream } from "../kinesis-under-test.ts";
import { halves, neighbours } from "../shard-count.ts";
import type { Stream } from "./stream.ts";

const hour = 3_600_000;
const keys = Array.from({ length: 20 }, (_, index) => `key-${index}`);

/** Puts a record with each key, as the service does; gives the shards that they went to. */
function putAll(stream: Stream, now: number) {
  return keys.map((key) => {
    const hash = hashOfPartitionKey(key);
    const shard = stream.shardOfHash(hash);
    shard.append(key, Buffer.from(key), now, stream.horizon(now));
    return { shard, hash: BigInt(`0x${hash}`) };
  });
}

type Act = { readonly do: "split" | "merge"; readonly which: number } | { readonly do: "pass"; readonly ms: number };

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constantFrom("split" as const, "merge" as const), which: fc.nat(30) }),
    fc.record({ do: fc.constant("pass"), ms: fc.constantFrom(1, 300, 999, 1000, 2500) }),
  ),
  { maxLength: 40 },
);

function reshard(stream: Stream, act: Act & { readonly which: number }, now: number): void {
  const { openShards } = stream;
  if (act.do === "merge") {
    const pairs = neighbours(openShards, Math.floor(openShards.length / 2));
    const pair = pairs[act.which % pairs.length];
    if (pair !== undefined) stream.replaceShards([pair], now);
  } else {
    const shard = openShards[act.which % openShards.length];
    if (shard !== undefined) stream.replaceShards([{ parents: [shard], ranges: halves(shard.range) }], now);
  }
}

describe("a stream that is split and merged", () => {
  test("always has one open shard for a key, and never goes back to a parent", () => {
    fc.assert(
      fc.property(acts, (happenings) => {
        const { stream, clock, pass } = kinesisWithStream(2);
        const last = new Map<number, number>();
        for (const act of happenings) {
          if (act.do === "pass") pass(act.ms);
          else reshard(stream, act, clock.now());
          const now = clock.now();
          for (const [index, { shard, hash }] of putAll(stream, now).entries()) {
            expect(shard.range.start <= hash && hash <= shard.range.end).toBe(true);
            expect(shard.isOpen).toBe(true);
            expect(shard.index).toBeGreaterThanOrEqual(last.get(index) ?? 0);
            last.set(index, shard.index);
          }
        }
        for (const shard of stream.shards) {
          const parents = stream.shards.filter(({ index }) => shard.parents.includes(index));
          for (const parent of parents) expect(shard.begins).toBe(parent.ends);
        }
      }),
    );
  });
});

describe("a stream's retention", () => {
  test("drops the records of a shard that is put into, without anybody reading", () => {
    const { stream, clock, pass } = kinesisWithStream(1);
    const [shard] = stream.shards;
    putAll(stream, clock.now());
    pass(25 * hour);
    putAll(stream, clock.now());
    const kept: string[] = [];
    // Nothing is too old for this reader, so that it sees what is still there.
    shard?.read({ counter: 0, seconds: 0 }, { records: 100, bytes: 10_000 }, 0, (_sequence, _arrival, key) => {
      kept.push(key);
    });
    expect(kept).toEqual(keys);
  });
});
