import { DescribeStreamSummaryCommand, UpdateStreamModeCommand } from "@aws-sdk/client-kinesis";
import type { StreamMode } from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import {
  activeStream,
  arnOf,
  invalidArgument,
  latencyMs,
  lineageOf,
  notActive,
  put,
  tooOften,
  unknownStreamArns,
  updated,
} from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

function switchTo(kinesis: KinesisClient, name: string, StreamMode: StreamMode) {
  return kinesis.send(new UpdateStreamModeCommand({ StreamARN: arnOf(name), StreamModeDetails: { StreamMode } }));
}

async function summaryOf(kinesis: KinesisClient, StreamName: string) {
  return (await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary;
}

describe("UpdateStreamMode", () => {
  test("switches there and back, and keeps the shards", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await activeStream(emulator, name, 3);
    await switchTo(kinesis, name, "ON_DEMAND");
    expect(await failureOf(switchTo(kinesis, name, "ON_DEMAND"))).toBe(notActive(name));
    await updated(emulator, name);
    expect(await summaryOf(kinesis, name)).toMatchObject({
      StreamModeDetails: { StreamMode: "ON_DEMAND" },
      OpenShardCount: 3,
      RecordDistributionStrategy: "USER_PARTITION_KEY",
    });
    await put(kinesis, name, "a");
    await switchTo(kinesis, name, "PROVISIONED");
    await updated(emulator, name);
    const summary = await summaryOf(kinesis, name);
    expect(summary).toMatchObject({ StreamModeDetails: { StreamMode: "PROVISIONED" }, OpenShardCount: 3 });
    expect(summary).not.toHaveProperty("RecordDistributionStrategy");
    expect(await lineageOf(kinesis, { StreamName: name })).toEqual(["0", "1", "2"]);
  });

  test("changes nothing for the mode that there is", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    const input = { StreamARN: arnOf(name), StreamModeDetails: { StreamMode: "PROVISIONED" } };
    const reply = await rawKinesis(emu.endpoint, "UpdateStreamMode", input);
    expect([reply.status, reply.body]).toEqual([200, ""]);
    expect(await summaryOf(kinesis, name)).toMatchObject({ StreamStatus: "ACTIVE" });
  });

  test("is twice in 24 hours of world time", async ({ emulator, uniqueName: name }) => {
    const { emu } = emulator;
    const answer = async (StreamMode: StreamMode) => {
      const input = { StreamARN: arnOf(name), StreamModeDetails: { StreamMode } };
      const reply = await rawFailureOf(emu.endpoint, "UpdateStreamMode", input);
      await emu.clock.advance(latencyMs);
      return reply;
    };
    await activeStream(emulator, name);
    expect(await answer("ON_DEMAND")).toBe("no failure");
    for (let call = 0; call < 3; call++) expect(await answer("ON_DEMAND")).toBe("no failure");
    expect(await answer("PROVISIONED")).toBe("no failure");
    expect(await answer("ON_DEMAND")).toBe(tooOften("UpdateStreamMode", 2, name));
    await emu.clock.advance(24 * 3_600_000 - 6 * latencyMs - 1);
    expect(await answer("PROVISIONED")).toBe("no failure");
    expect(await answer("ON_DEMAND")).toBe("no failure");
  });

  test("refuses a warm throughput that is not paid for", async ({ emulator, uniqueName: name }) => {
    await activeStream(emulator, name);
    const input = { StreamARN: arnOf(name), StreamModeDetails: { StreamMode: "ON_DEMAND" }, WarmThroughputMiBps: 10 };
    expect(await rawFailureOf(emulator.emu.endpoint, "UpdateStreamMode", input)).toBe(
      invalidArgument("WarmThroughputMiBps requires an enabled minimum throughput billing commitment."),
    );
  });

  test.for([
    ...unknownStreamArns({ StreamModeDetails: { StreamMode: "ON_DEMAND" } }),
    [{ StreamARN: arnOf("none") }, validation(mustNotBeNull("streamModeDetails"))],
    [
      { StreamARN: arnOf("none"), StreamModeDetails: { StreamMode: "SOME" } },
      validation(
        violation(
          "SOME",
          "streamModeDetails.streamMode",
          "Member must satisfy enum value set: [PROVISIONED, ON_DEMAND]",
        ),
      ),
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "UpdateStreamMode", input)).toBe(failure);
  });
});
