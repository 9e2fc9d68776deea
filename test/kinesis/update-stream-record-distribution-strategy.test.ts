import { DescribeStreamSummaryCommand, UpdateStreamRecordDistributionStrategyCommand } from "@aws-sdk/client-kinesis";
import type { RecordDistributionStrategy } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { activeStream, arnOf, fieldsOf, invalidArgument, latencyMs, put, unknownStreamArns } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("UpdateStreamRecordDistributionStrategy", () => {
  test("spreads the records of an on-demand stream, at once", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const update = (strategy: RecordDistributionStrategy) =>
      kinesis.send(
        new UpdateStreamRecordDistributionStrategyCommand({
          StreamARN: arnOf(name),
          RecordDistributionStrategy: strategy,
        }),
      );
    const shards = async (): Promise<Set<number>> => {
      const found = new Set<number>();
      for (let times = 0; times < 4; times++) found.add(fieldsOf(await put(kinesis, name, "a")).shardIndex);
      return found;
    };
    await rawKinesis(emu.endpoint, "CreateStream", { StreamName: name });
    await emu.clock.advance(latencyMs);
    expect(await shards()).toEqual(new Set([0]));
    await update("AUTO");
    expect(await shards()).toEqual(new Set([0, 1, 2, 3]));
    expect(await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name }))).toMatchObject({
      StreamDescriptionSummary: { StreamStatus: "ACTIVE", RecordDistributionStrategy: "AUTO" },
    });
    await update("USER_PARTITION_KEY");
    expect(await shards()).toEqual(new Set([0]));
  });

  test("is AUTO on no provisioned stream", async ({ emulator, uniqueName: name }) => {
    const { emu } = emulator;
    await activeStream(emulator, name);
    const input = { StreamARN: arnOf(name), RecordDistributionStrategy: "AUTO" };
    expect(await rawFailureOf(emu.endpoint, "UpdateStreamRecordDistributionStrategy", input)).toBe(
      invalidArgument("RecordDistributionStrategy AUTO is only supported for streams in On-Demand mode."),
    );
    const reply = await rawKinesis(emu.endpoint, "UpdateStreamRecordDistributionStrategy", {
      ...input,
      RecordDistributionStrategy: "USER_PARTITION_KEY",
    });
    expect([reply.status, reply.body]).toEqual([200, ""]);
  });

  test.for([
    ...unknownStreamArns({ RecordDistributionStrategy: "AUTO" }),
    [{ StreamARN: arnOf("none") }, validation(mustNotBeNull("recordDistributionStrategy"))],
    [
      { StreamARN: arnOf("none"), RecordDistributionStrategy: "SOME" },
      validation(
        violation(
          "SOME",
          "recordDistributionStrategy",
          "Member must satisfy enum value set: [AUTO, USER_PARTITION_KEY]",
        ),
      ),
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "UpdateStreamRecordDistributionStrategy", input)).toBe(failure);
  });
});
