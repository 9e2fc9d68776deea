import { CreateStreamCommand, DescribeStreamSummaryCommand } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { arnOf, arnPattern, createStream, streamNotFound, tooLong, unlike } from "./streams.ts";

const latencyMs = 500;
const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("DescribeStreamSummary", () => {
  test("answers with AWS's members alone, none of them null", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const { now } = await emu.clock.read();
    await createStream(kinesis, name, 3);
    await emu.clock.advance(latencyMs);
    const reply = await rawKinesis(emu.endpoint, "DescribeStreamSummary", { StreamName: name });
    expect(JSON.parse(reply.body)).toStrictEqual({
      StreamDescriptionSummary: {
        StreamName: name,
        StreamARN: arnOf(name),
        StreamStatus: "ACTIVE",
        StreamModeDetails: { StreamMode: "PROVISIONED" },
        RetentionPeriodHours: 24,
        StreamCreationTimestamp: Math.floor(now / 1000),
        EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
        EncryptionType: "NONE",
        OpenShardCount: 3,
        ConsumerCount: 0,
        ChannelCount: 0,
        MaxRecordSizeInKiB: 1024,
      },
    });
  });

  test("counts the open shards once a stream is ACTIVE", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name, 3);
    const summary = async () => {
      const output = await kinesis.send(new DescribeStreamSummaryCommand({ StreamARN: arnOf(name) }));
      const { StreamStatus, OpenShardCount } = output.StreamDescriptionSummary ?? {};
      return [StreamStatus, OpenShardCount];
    };
    expect(await summary()).toEqual(["CREATING", 0]);
    await emu.clock.advance(latencyMs);
    expect(await summary()).toEqual(["ACTIVE", 3]);
  });

  test("tells the record size, and the distribution of an on-demand stream", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const input = { StreamName: name, MaxRecordSizeInKiB: 4096, RecordDistributionStrategy: "AUTO" } as const;
    await kinesis.send(new CreateStreamCommand(input));
    await emu.clock.advance(latencyMs);
    const output = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name }));
    expect(output.StreamDescriptionSummary).toMatchObject({
      OpenShardCount: 4,
      StreamModeDetails: { StreamMode: "ON_DEMAND" },
      MaxRecordSizeInKiB: 4096,
      RecordDistributionStrategy: "AUTO",
    });
  });

  test.for([
    [{ StreamName: "none" }, streamNotFound("none")],
    [{ StreamARN: arnOf("none") }, streamNotFound("none")],
    [{}, validation(mustNotBeNull("streamName"))],
    [{ StreamName: "a".repeat(129) }, validation(tooLong("a".repeat(129), "streamName", 128))],
    [
      { StreamName: ";", StreamARN: "arn" },
      validation(unlike(";", "streamName"), unlike("arn", "streamARN", arnPattern)),
    ],
    [{ StreamName: {} }, "400 SerializationException: Start of structure or map found where not expected."],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "DescribeStreamSummary", input)).toBe(failure);
  });
});
