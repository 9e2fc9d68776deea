import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashOfPartitionKey } from "../hash-key.ts";
import { call, kinesisWithStream } from "../kinesis-under-test.ts";
import { getRecords } from "../operations/get-records.ts";
import { getShardIterator } from "../operations/get-shard-iterator.ts";
import { putRecord } from "../operations/put-record.ts";
import { parseSequenceNumber } from "../sequence-number.ts";
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

describe("what was put into a stream that is split and merged", () => {
  test("has growing numbers, and is read whole and once, parents first, by iterators that are made on the way", () => {
    fc.assert(
      fc.property(acts, fc.integer({ min: 1, max: 7 }), (happenings, Limit) => {
        const { state, stream, clock, pass } = kinesisWithStream(2);
        const newest = new Map<number, bigint>();
        const given = new Map<string, string>();
        for (const [round, act] of happenings.entries()) {
          if (act.do === "pass") pass(act.ms);
          else reshard(stream, act, clock.now());
          for (const [index, key] of keys.slice(0, 4).entries()) {
            const Data = Buffer.from(`${round}`);
            const { SequenceNumber = "" } = putRecord(state, { StreamName: "orders", PartitionKey: key, Data }, call);
            expect(BigInt(SequenceNumber)).toBeGreaterThan(newest.get(index) ?? 0n);
            newest.set(index, BigInt(SequenceNumber));
            given.set(SequenceNumber, `${key}:${round}`);
          }
        }
        const tiles = stream.openShards.map(({ range }) => range).toSorted((a, b) => (a.start < b.start ? -1 : 1));
        expect(tiles.reduce((next, { start, end }) => (expect(start).toBe(next), end + 1n), 0n)).toBe(2n ** 128n);

        const read = new Map<string, string>();
        const rounds = new Map<string, number>();
        const open = stream.shards.filter(({ parents }) => parents.length === 0).map(({ id }) => id);
        const done = new Set<string>();
        for (let ShardId = open.shift(); ShardId !== undefined; ShardId = open.shift()) {
          const first = { StreamName: "orders", ShardId, ShardIteratorType: "TRIM_HORIZON" } as const;
          let { ShardIterator } = getShardIterator(state, first, call);
          done.add(ShardId);
          while (ShardIterator !== undefined) {
            const page = getRecords(state, { ShardIterator, Limit }, call);
            for (const { SequenceNumber = "", PartitionKey = "", Data = Buffer.of() } of page.Records ?? []) {
              expect(read.has(SequenceNumber)).toBe(false);
              const round = Number(Buffer.from(Data).toString());
              expect(round).toBeGreaterThan(rounds.get(PartitionKey) ?? -1);
              rounds.set(PartitionKey, round);
              read.set(SequenceNumber, `${PartitionKey}:${round}`);
            }
            const atTip = page.Records?.length === 0 && page.MillisBehindLatest === 0;
            ShardIterator = atTip ? undefined : page.NextShardIterator;
            // A child is begun by the last of its parents.
            for (const { ShardId: child = "", ParentShards = [] } of page.ChildShards ?? []) {
              if (ParentShards.every((parent) => done.has(parent)) && !open.includes(child)) open.push(child);
            }
          }
        }
        expect(read).toEqual(given);
      }),
    );
  });
});

describe("a shard that takes another's place", () => {
  test("has numbers from the second after its parents' end, whenever its records come", () => {
    fc.assert(
      fc.property(acts, (happenings) => {
        const { stream, clock, pass } = kinesisWithStream(2);
        for (const act of happenings) {
          if (act.do === "pass") pass(act.ms);
          else reshard(stream, act, clock.now());
        }
        for (const shard of stream.shards) {
          const ends = shard.parents.map((index) =>
            parseSequenceNumber(stream.shards[index]?.endingSequenceNumber ?? ""),
          );
          for (const end of ends) {
            if (end.version !== 2) throw new Error("the end of a shard has no sequence number");
            expect(parseSequenceNumber(shard.startingSequenceNumber)).toMatchObject({
              createdSeconds: end.seconds + 1,
            });
          }
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
