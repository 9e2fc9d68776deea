import {
  AddTagsToStreamCommand,
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeAccountSettingsCommand,
  DescribeStreamCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  EnableEnhancedMonitoringCommand,
  GetRecordsCommand,
  GetResourcePolicyCommand,
  IncreaseStreamRetentionPeriodCommand,
  ListShardsCommand,
  ListStreamsCommand,
  ListTagsForResourceCommand,
  PutRecordsCommand,
  PutResourcePolicyCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  StartStreamEncryptionCommand,
  TagResourceCommand,
  UpdateAccountSettingsCommand,
  UpdateMaxRecordSizeCommand,
  UpdateShardCountCommand,
} from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import type { EmulatorOptions } from "@localemu/emulator";
import { expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { arnOf, describeStream, iteratorOf, keysAt, lineageOf, put, shardId, shardsOf } from "../kinesis/streams.ts";
import { newDataDirectory } from "./data-directory.ts";

/** Runs `first`, stops the emulator, and runs `then` on the next one with the same directory and with what `first` gave. */
async function acrossRestart<Known>(
  first: (emulator: TestEmulator) => Promise<Known>,
  then: (emulator: TestEmulator, known: Known) => Promise<void>,
  options: EmulatorOptions = {},
): Promise<void> {
  await using directory = await newDataDirectory();
  const { dataDir } = directory;
  const before = async (): Promise<Known> => {
    await using emulator = await startTestEmulator({ ...options, dataDir });
    return await first(emulator);
  };
  const known = await before();
  await using next = await startTestEmulator({ ...options, dataDir });
  await then(next, known);
}

/** Everything that the API tells of the stream `orders` and its consumer, without metadata of the replies. */
async function described(kinesis: KinesisClient): Promise<unknown> {
  const StreamName = "orders";
  const StreamARN = arnOf(StreamName);
  const consumer = new DescribeStreamConsumerCommand({ StreamARN, ConsumerName: "reader" });
  const answers = await Promise.all([
    kinesis.send(new DescribeStreamCommand({ StreamName })),
    kinesis.send(new DescribeStreamSummaryCommand({ StreamName })),
    kinesis.send(new ListShardsCommand({ StreamName })),
    kinesis.send(new ListTagsForResourceCommand({ ResourceARN: StreamARN })),
    kinesis.send(new GetResourcePolicyCommand({ ResourceARN: StreamARN })),
    kinesis.send(new DescribeAccountSettingsCommand({})),
    kinesis.send(consumer),
  ]);
  return answers.map((answer) => ({ ...answer, $metadata: undefined }));
}

test("streams are as they were: settings, shards with their lineage, tags, policies, consumers", () =>
  acrossRestart(
    async ({ kinesis }) => {
      const StreamName = "orders";
      const StreamARN = arnOf(StreamName);
      const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [] });
      const commitment = { MinimumThroughputBillingCommitment: { Status: "ENABLED" } } as const;
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 2, Tags: { team: "sales" } }));
      await kinesis.send(
        new UpdateShardCountCommand({ StreamName, TargetShardCount: 4, ScalingType: "UNIFORM_SCALING" }),
      );
      await kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: { "2": "b", "1": "a" } }));
      await kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 48 }));
      await kinesis.send(new StartStreamEncryptionCommand({ StreamName, EncryptionType: "KMS", KeyId: "alias/mine" }));
      await kinesis.send(new EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics: ["IncomingBytes"] }));
      await kinesis.send(new UpdateMaxRecordSizeCommand({ StreamARN, MaxRecordSizeInKiB: 2048 }));
      await kinesis.send(new PutResourcePolicyCommand({ ResourceARN: StreamARN, Policy }));
      await kinesis.send(new UpdateAccountSettingsCommand(commitment));
      const registration = new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: "reader", Tags: { a: "1" } });
      const { Consumer } = await kinesis.send(registration);
      await kinesis.send(new TagResourceCommand({ ResourceARN: Consumer?.ConsumerARN, Tags: { b: "2" } }));
      return described(kinesis);
    },
    async ({ kinesis }, before) => {
      expect(await described(kinesis)).toEqual(before);
      expect(await lineageOf(kinesis, { StreamName: "orders" })).toHaveLength(6);
    },
  ));

test("records are as they were, and the numbers of new ones go on after theirs", () =>
  acrossRestart(
    async ({ kinesis, emu }) => {
      await kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 3 }));
      const Records = Array.from({ length: 100 }, (_, index) => ({
        PartitionKey: `key-${index}`,
        Data: Buffer.from(`data-${index}`),
      }));
      await kinesis.send(new PutRecordsCommand({ StreamName: "orders", Records }));
      return emu.stream("orders").records();
    },
    async ({ kinesis, emu }, before) => {
      expect(before).toHaveLength(100);
      expect(await emu.stream("orders").records()).toEqual(before);
      for (const text of ["a", "b", "c", "d", "e"]) await put(kinesis, "orders", text);
      const after = await emu.stream("orders").records();
      expect(after).toHaveLength(105);
      for (const { ShardId } of await shardsOf(kinesis, { StreamName: "orders" })) {
        const numbers = after
          .filter(({ shardId: its }) => its === ShardId)
          .map((record) => BigInt(record.sequenceNumber));
        expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => (a < b ? -1 : 1)));
      }
    },
  ));

test("iterators and tokens that were handed out are good", () =>
  acrossRestart(
    async ({ kinesis }) => {
      await kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
      await put(kinesis, "orders", "before");
      const oldest = await iteratorOf(kinesis, "orders");
      const latest = await iteratorOf(kinesis, "orders", { ShardIteratorType: "LATEST" });
      await put(kinesis, "orders", "between");
      const { NextShardIterator: after = "" } = await kinesis.send(new GetRecordsCommand({ ShardIterator: oldest }));
      await kinesis.send(new CreateStreamCommand({ StreamName: "wide", ShardCount: 5 }));
      const { NextToken } = await kinesis.send(new ListShardsCommand({ StreamName: "wide", MaxResults: 2 }));
      return { oldest, latest, after, NextToken };
    },
    async ({ kinesis }, { oldest, latest, after, NextToken }) => {
      await put(kinesis, "orders", "after");
      expect(await keysAt(kinesis, oldest)).toEqual(["before", "between", "after"]);
      expect(await keysAt(kinesis, latest)).toEqual(["between", "after"]);
      expect(await keysAt(kinesis, after)).toEqual(["after"]);
      expect(await shardsOf(kinesis, { NextToken })).toHaveLength(3);
    },
  ));

test("what expired is gone, and its numbers are not given again", () =>
  acrossRestart(
    async ({ kinesis, emu }) => {
      await kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
      const expired = await put(kinesis, "orders", "expired");
      await emu.clock.advance(25 * 3_600_000);
      expect(await emu.stream("orders").records()).toEqual([]);
      await kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName: "orders", RetentionPeriodHours: 48 }));
      return expired;
    },
    async ({ kinesis, emu }, expired) => {
      expect(await emu.stream("orders").records()).toEqual([]);
      expect(BigInt(await put(kinesis, "orders", "next"))).toBeGreaterThan(BigInt(expired));
      const iterator = await iteratorOf(kinesis, "orders", {
        ShardIteratorType: "AFTER_SEQUENCE_NUMBER",
        StartingSequenceNumber: expired,
      });
      expect(await keysAt(kinesis, iterator)).toEqual(["next"]);
    },
  ));

test("changes that had not come to their end do so", () =>
  acrossRestart(
    async ({ kinesis, emu }) => {
      for (const StreamName of ["split", "deleted"]) {
        await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
        await emu.clock.advance(60_000);
      }
      await put(kinesis, "split", "record");
      await kinesis.send(new CreateStreamCommand({ StreamName: "created", ShardCount: 1 }));
      const NewStartingHashKey = String(1n << 127n);
      const ShardToSplit = shardId(0);
      await kinesis.send(new SplitShardCommand({ StreamName: "split", ShardToSplit, NewStartingHashKey }));
      await kinesis.send(new DeleteStreamCommand({ StreamName: "deleted" }));
    },
    async ({ kinesis, emu }) => {
      const statuses = { created: "CREATING", split: "UPDATING", deleted: "DELETING" };
      for (const [name, status] of Object.entries(statuses))
        expect(await describeStream(kinesis, name)).toMatchObject({ StreamStatus: status });
      await emu.clock.advance(60_000);
      expect((await kinesis.send(new ListStreamsCommand())).StreamNames).toEqual(["created", "split"]);
      expect(await describeStream(kinesis, "created")).toMatchObject({ StreamStatus: "ACTIVE" });
      expect(await lineageOf(kinesis, { StreamName: "split" })).toEqual(["0", "1 < 0", "2 < 0"]);
      expect(await emu.stream("split").records()).toMatchObject([{ partitionKey: "record" }]);
    },
    { kinesisLatencyMs: 60_000, clock: "frozen" },
  ));

test("a stream that was deleted is gone with its records, also where another has its name now", () =>
  acrossRestart(
    async ({ kinesis }) => {
      for (const StreamName of ["gone", "again"]) {
        await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }));
        await put(kinesis, StreamName, "old");
        await kinesis.send(new DeleteStreamCommand({ StreamName }));
      }
      await kinesis.send(new CreateStreamCommand({ StreamName: "again", ShardCount: 1 }));
    },
    async ({ kinesis, emu }) => {
      expect((await kinesis.send(new ListStreamsCommand())).StreamNames).toEqual(["again"]);
      expect(await emu.stream("again").records()).toEqual([]);
      expect(await failureOf(kinesis.send(new DescribeStreamCommand({ StreamName: "gone" })))).toContain("not found");
    },
  ));
