import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { passedOverAtLatest, readableShards } from "./shard-set.ts";
import type { ShardOfSet } from "./shard-set.ts";

const shard = (shardId: string, parents: string, open = true): ShardOfSet => ({
  shardId,
  parents: parents.split(""),
  open,
});

const isNot = (): boolean => false;

/** `a` is split into `b` and `c`; `c` and `d` are merged into `e`; `f` is the child of one that has expired. */
const family = [
  shard("a", "", false),
  shard("b", "a"),
  shard("c", "a", false),
  shard("d", "", false),
  shard("e", "cd"),
  shard("f", "x"),
];

describe("the shards that may be read", () => {
  test.each([
    ["", "adf"],
    ["d", "af"],
    ["a", "bcdf"],
    ["ac", "bdf"],
    ["acd", "bef"],
    ["ad", "bcf"],
    ["abcdef", ""],
  ])("after %j these are: %j", (finished, readable) => {
    expect(readableShards(family, (shardId) => finished.includes(shardId), []).join("")).toBe(readable);
  });

  test("do not descend from one that expired and is read still", () => {
    expect(readableShards(family, isNot, ["a", "y"]).join("")).toBe("ad");
    expect(readableShards(family, isNot, ["a"]).join("")).toBe("adf");
  });

  test("are none of a stream that has no shards", () => {
    expect(readableShards([], isNot, [])).toEqual([]);
  });
});

test("a mapping that begins at LATEST passes over the shards that take no more records", () => {
  expect(passedOverAtLatest(family)).toEqual(["a", "c", "d"]);
});

/** What happens to a stream and its reader, over and over. Numbers choose among what there is. */
type Act =
  | { readonly do: "split" | "finish"; readonly which: number }
  | { readonly do: "merge"; readonly which: number; readonly other: number }
  | { readonly do: "expire" };

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("split"), which: fc.nat(20) }),
    fc.record({ do: fc.constant("merge"), which: fc.nat(20), other: fc.nat(20) }),
    fc.record({ do: fc.constant("finish"), which: fc.nat(20) }),
    fc.record({ do: fc.constant("expire") }),
  ),
  { maxLength: 60 },
);

class Reading {
  shards: readonly ShardOfSet[] = [shard("0", ""), shard("1", "")];
  readonly finished = new Set<string>();
  readonly order: string[] = [];
  #next = 2;

  readable(): readonly string[] {
    return readableShards(this.shards, (shardId) => this.finished.has(shardId), []);
  }

  act(act: Act): void {
    if (act.do === "finish") return this.finish(act.which);
    if (act.do === "expire") return this.#expire();
    const open = this.shards.filter((candidate) => candidate.open);
    const chosen = new Set([open[act.which % open.length]]);
    if (act.do === "merge") chosen.add(open[act.other % open.length]);
    const parents = [...chosen].flatMap((parent) => parent?.shardId ?? []);
    if (act.do === "merge" && parents.length < 2) return;
    const rest = this.shards.map((old) => (parents.includes(old.shardId) ? { ...old, open: false } : old));
    const children = Array.from({ length: act.do === "split" ? 2 : 1 }, () => this.#child(parents));
    this.shards = [...rest, ...children];
  }

  /** Only a shard that is closed is ever finished. */
  finish(which: number): void {
    const open = new Set(this.shards.filter((candidate) => candidate.open).map(({ shardId }) => shardId));
    const ready = this.readable().filter((shardId) => !open.has(shardId));
    const shardId = ready[which % ready.length];
    if (shardId === undefined) return;
    this.finished.add(shardId);
    this.order.push(shardId);
  }

  /** The oldest closed shard goes, whether it was read or not. */
  #expire(): void {
    const oldest = this.shards.find((candidate) => !candidate.open);
    this.shards = this.shards.filter((candidate) => candidate !== oldest);
  }

  #child(parents: readonly string[]): ShardOfSet {
    return { shardId: String(this.#next++), parents, open: true };
  }
}

test("over any number of splits and merges parents are read before children, and everything is read", () => {
  fc.assert(
    fc.property(acts, (happenings) => {
      const reading = new Reading();
      for (const act of happenings) {
        reading.act(act);
        const unfinished = reading.shards.filter(({ shardId }) => !reading.finished.has(shardId));
        const waiting = new Set(unfinished.map(({ shardId }) => shardId));
        const readable = reading.readable();
        for (const { shardId, parents } of reading.shards) {
          const parentsDone = parents.every((parent) => !waiting.has(parent));
          expect(readable.includes(shardId)).toBe(waiting.has(shardId) && parentsDone);
        }
        // Something can always go on.
        expect(readable.length > 0).toBe(unfinished.length > 0);
      }
      const closed = reading.shards.filter((candidate) => !candidate.open).length;
      for (let times = 0; times < closed; times++) reading.finish(0);
      const left = reading.shards.filter(({ shardId, open }) => !open && !reading.finished.has(shardId));
      expect(left).toEqual([]);
      expect(new Set(reading.order).size).toBe(reading.order.length);
    }),
  );
});
