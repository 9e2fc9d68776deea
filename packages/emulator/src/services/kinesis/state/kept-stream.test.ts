import fc from "fast-check";
import { expect, test } from "vitest";
import { keptForTest } from "../../../storage/kept-for-test.test.fixture.ts";
import { call, kinesisUnderTest } from "../kinesis-under-test.ts";
import { createStream } from "../operations/create-stream.ts";
import { increaseStreamRetentionPeriod } from "../operations/increase-stream-retention-period.ts";
import { mergeShards } from "../operations/merge-shards.ts";
import { putRecord } from "../operations/put-record.ts";
import { splitShard } from "../operations/split-shard.ts";
import { startStreamEncryption } from "../operations/start-stream-encryption.ts";
import { stopStreamEncryption } from "../operations/stop-stream-encryption.ts";
import { peekStream } from "../peek.ts";
import { halves, neighbours } from "../shard-count.ts";
import { KinesisState } from "./kinesis-state.ts";
import { shardLevelMetrics } from "./stream.ts";
import type { Stream } from "./stream.ts";
import type { StreamChange } from "./stream-change.ts";

const StreamName = "orders";
const limit = { records: Infinity, bytes: Infinity };
const acts = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant("put"), which: fc.nat(40) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom("split", "merge"), which: fc.nat(30) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("encrypt", "decrypt", "keepLonger"), which: fc.nat(7) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("pass"), which: fc.constantFrom(1, 1000, 3_600_000, 90_000_000) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("restart"), which: fc.constant(0) }) },
  ),
  { maxLength: 40 },
);

/** Does what is to be done to the stream, where it can be. */
function act(state: KinesisState, stream: Stream, what: string, which: number): void {
  const { openShards } = stream;
  const shard = openShards[which % openShards.length];
  if (what === "split" && shard !== undefined && openShards.length < 12) {
    const NewStartingHashKey = String(halves(shard.range)[1]?.start);
    splitShard(state, { StreamName, ShardToSplit: shard.id, NewStartingHashKey }, call);
  }
  const pair = neighbours(openShards, Math.floor(openShards.length / 2))[0]?.parents;
  if (what === "merge" && pair !== undefined)
    mergeShards(state, { StreamName, ShardToMerge: pair[0]?.id, AdjacentShardToMerge: pair[1]?.id }, call);
  const key = { StreamName, EncryptionType: "KMS", KeyId: "alias/mine" } as const;
  if (what === "encrypt" && which === 0) startStreamEncryption(state, key, call);
  if (what === "decrypt") stopStreamEncryption(state, key, call);
  if (what === "keepLonger") {
    const RetentionPeriodHours = Math.max(stream.retentionHours, 24 * (which + 1));
    increaseStreamRetentionPeriod(state, { StreamName, RetentionPeriodHours }, call);
  }
}

const kept = keptForTest();

test("a stream that is restarted at any time is the one that it was, and repeats no number", () => {
  fc.assert(
    fc.property(acts, (happenings) => {
      const { ports, clock, pass } = kinesisUnderTest();
      const newState = (withNothing: boolean): KinesisState => {
        const { documents, openLog = ports.openLog } = kept.begin(withNothing);
        const state = new KinesisState({ ...ports, documents, openLog });
        state.restore();
        return state;
      };
      const streamOf = (state: KinesisState): Stream => {
        const stream = state.find("us-east-1", StreamName);
        if (stream === undefined) throw new Error("the stream is not there");
        return stream;
      };
      let state = newState(true);
      createStream(state, { StreamName, ShardCount: 2 }, call);
      const numbers = new Map<string, string>();
      const repeated: string[] = [];
      for (const { do: what, which } of happenings) {
        if (what === "pass") pass(which);
        const before = streamOf(state);
        if (what === "put") {
          const record = { StreamName, PartitionKey: `key-${which}`, Data: Buffer.from("data") };
          const { ShardId = "", SequenceNumber = "" } = putRecord(state, record, call);
          repeated.push(...(SequenceNumber > (numbers.get(ShardId) ?? "") ? [] : [SequenceNumber]));
          numbers.set(ShardId, SequenceNumber);
        }
        act(state, before, what, which);
        if (what !== "restart") continue;
        // Whoever looks drops what has expired: before the restart as after it.
        const looked = peekStream(before, clock.now());
        const lost = before.shards.map((shard) => shard.read({ counter: 0, seconds: 0 }, limit, 0, () => {}).lost);
        state = newState(false);
        const after = streamOf(state);
        expect(peekStream(after, clock.now())).toEqual(looked);
        expect(after.kept()).toEqual(before.kept());
        expect(after.shards.map((shard) => shard.read({ counter: 0, seconds: 0 }, limit, 0, () => {}).lost)).toEqual(
          lost,
        );
        expect(after.shards.map((shard) => shard.tip())).toEqual(before.shards.map((shard) => shard.tip()));
      }
      expect(repeated).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

const changes: readonly StreamChange[] = [
  {
    kind: "replaceShards",
    parents: [0],
    ranges: [
      ["0", "f"],
      ["10", "ffffffffffffffffffffffffffffffff"],
    ],
  },
  { kind: "shardCount", target: 2 },
  { kind: "retention", hours: 48 },
  { kind: "encryption", key: "alias/mine" },
  { kind: "encryption" },
  { kind: "metrics", metrics: shardLevelMetrics },
  { kind: "maxRecordSize", kib: 2048 },
  { kind: "warmThroughput", mibPerSecond: 100 },
  { kind: "mode", mode: "ON_DEMAND", warmThroughput: 100 },
];

test.each(changes)("a change that was under way is made by the next emulator: $kind", (change) => {
  const { ports, clock, pass } = kinesisUnderTest({ latencyMs: 500 });
  const begin = (withNothing: boolean) => {
    const { documents, openLog = ports.openLog } = kept.begin(withNothing);
    const state = new KinesisState({ ...ports, documents, openLog });
    state.restore();
    return { state, documents };
  };
  const first = begin(true);
  createStream(first.state, { StreamName, ShardCount: 1 }, call);
  pass(500);
  const stream = first.state.find("us-east-1", StreamName);
  if (stream !== undefined) first.state.update(stream, change);
  const next = begin(false);
  expect(next.state.find("us-east-1", StreamName)).toMatchObject({ status: "UPDATING", pending: change });
  // Both make it now: the first one, as if it had gone on, is what the next one is to be like.
  pass(500);
  const { pending, ...changed } = stream?.kept() ?? {};
  expect(pending).toBeUndefined();
  expect(next.state.find("us-east-1", StreamName)?.kept()).toEqual(changed);
  expect(clock.hasWorkTimers).toBe(false);
});
