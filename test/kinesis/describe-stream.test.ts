import { DescribeStreamCommand, KinesisClient, waitUntilStreamExists } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import {
  arnOf,
  arnPattern,
  createStream,
  describeStream,
  shardUnreadable,
  streamNotFound,
  tooShort,
  unlike,
} from "./streams.ts";

const test = emulatorTest({ clock: "frozen" });

describe("DescribeStream", () => {
  test("answers with AWS's members alone, none of them null", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    const reply = await rawKinesis(emu.endpoint, "DescribeStream", { StreamName: name });
    const { now } = await emu.clock.read();
    expect(JSON.parse(reply.body)).toStrictEqual({
      StreamDescription: {
        StreamName: name,
        StreamARN: arnOf(name),
        StreamStatus: "ACTIVE",
        StreamModeDetails: { StreamMode: "PROVISIONED" },
        Shards: [
          {
            ShardId: "shardId-000000000000",
            HashKeyRange: { StartingHashKey: "0", EndingHashKey: "340282366920938463463374607431768211455" },
            SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^\d{56}$/) },
          },
        ],
        HasMoreShards: false,
        RetentionPeriodHours: 24,
        // Seconds, as a number.
        StreamCreationTimestamp: Math.floor(now / 1000),
        EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
        EncryptionType: "NONE",
      },
    });
  });

  test("pages through the shards, a hundred at most", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name, 130);
    const page = async (input: { readonly Limit?: number; readonly ExclusiveStartShardId?: string }) => {
      const output = await kinesis.send(new DescribeStreamCommand({ StreamName: name, ...input }));
      const { Shards = [], HasMoreShards } = output.StreamDescription ?? {};
      return [Shards.length, Shards[0]?.ShardId, HasMoreShards];
    };
    expect(await page({})).toEqual([100, "shardId-000000000000", true]);
    expect(await page({ Limit: 10_000 })).toEqual([100, "shardId-000000000000", true]);
    expect(await page({ Limit: 2 })).toEqual([2, "shardId-000000000000", true]);
    expect(await page({ ExclusiveStartShardId: "shardId-000000000099" })).toEqual([30, "shardId-000000000100", false]);
    expect(await page({ ExclusiveStartShardId: "99", Limit: 29 })).toEqual([29, "shardId-000000000100", true]);
    expect(await page({ ExclusiveStartShardId: "shardId-000000000129" })).toEqual([0, undefined, false]);
    expect(await page({ ExclusiveStartShardId: "shardId-9999" })).toEqual([0, undefined, false]);
  });

  test("takes the ARN; it counts more than the name and leads to its region", async ({
    emulator,
    uniqueName: name,
  }) => {
    const { emu, kinesis } = emulator;
    const elsewhere = new KinesisClient({ ...emu.getClientConfig(), region: "ap-southeast-2" });
    await createStream(elsewhere, name, 2);
    const input = { StreamName: "none", StreamARN: arnOf(name, "ap-southeast-2") };
    const { StreamDescription } = await kinesis.send(new DescribeStreamCommand(input));
    expect(StreamDescription).toMatchObject({ StreamName: name, StreamARN: input.StreamARN });
    expect(await failureOf(describeStream(kinesis, name))).toBe(streamNotFound(name));
  });

  test("satisfies the SDK's waiter", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    const { state } = await waitUntilStreamExists({ client: kinesis, maxWaitTime: 20 }, { StreamName: name });
    expect(state).toBe("SUCCESS");
  });

  test.for([
    [{ StreamName: "none" }, streamNotFound("none")],
    [{ StreamARN: arnOf("none") }, streamNotFound("none")],
    [
      { StreamARN: "arn:aws:kinesis:us-east-1:123456789012:stream/none" },
      "400 ResourceNotFoundException: Stream none under account 123456789012 not found.",
    ],
    [{}, validation(mustNotBeNull("streamName"))],
    [{ StreamName: "none", ExclusiveStartShardId: "ABKLFD8" }, shardUnreadable("none", "ABKLFD8")],
    [{ StreamName: "none", ExclusiveStartShardId: "2147483648" }, shardUnreadable("none", "2147483648")],
    [{ StreamARN: "stream/none" }, validation(unlike("stream/none", "streamARN", arnPattern))],
    [
      { StreamName: "none", Limit: 0 },
      validation(violation("0", "limit", "Member must have value greater than or equal to 1")),
    ],
    [
      { StreamName: "none", Limit: 10_001 },
      validation(violation("10001", "limit", "Member must have value less than or equal to 10000")),
    ],
    [
      { StreamName: "none", ExclusiveStartShardId: "" },
      validation(unlike("", "exclusiveStartShardId"), tooShort("", "exclusiveStartShardId")),
    ],
    [
      { StreamName: "none", Limit: "1" },
      "400 SerializationException: class java.lang.String can not be converted to an Integer",
    ],
    [
      { StreamName: "none", ExclusiveStartShardId: [] },
      "400 SerializationException: Start of list found where not expected",
    ],
    [{ StreamName: "none", Unknown: { anything: [] }, Limit: null }, streamNotFound("none")],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "DescribeStream", input)).toBe(failure);
  });
});
