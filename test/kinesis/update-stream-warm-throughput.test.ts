import {
  DescribeStreamSummaryCommand,
  UpdateAccountSettingsCommand,
  UpdateStreamWarmThroughputCommand,
} from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { activeStream, arnOf, invalidArgument, latencyMs, notActive, unknownStreams, updated } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("UpdateStreamWarmThroughput", () => {
  test("needs an on-demand stream and the commitment", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const update = (WarmThroughputMiBps: number) =>
      kinesis.send(new UpdateStreamWarmThroughputCommand({ StreamName: name, WarmThroughputMiBps }));
    await activeStream(emulator, name);
    expect(await failureOf(update(10))).toBe(
      invalidArgument("WarmThroughputMiBps is only supported for streams in On-Demand mode."),
    );
    await rawKinesis(emu.endpoint, "UpdateStreamMode", {
      StreamARN: arnOf(name),
      StreamModeDetails: { StreamMode: "ON_DEMAND" },
    });
    await emu.clock.advance(latencyMs);
    expect(await failureOf(update(10))).toBe(
      invalidArgument("WarmThroughputMiBps requires an enabled minimum throughput billing commitment."),
    );
    await kinesis.send(new UpdateAccountSettingsCommand({ MinimumThroughputBillingCommitment: { Status: "ENABLED" } }));
    const { $metadata: _, ...reply } = await update(10);
    expect(reply).toStrictEqual({ StreamARN: arnOf(name), StreamName: name, WarmThroughput: { TargetMiBps: 10 } });
    expect(await failureOf(update(10))).toBe(notActive(name));
    await updated(emulator, name);
    const summary = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name }));
    expect(summary.StreamDescriptionSummary?.WarmThroughput).toEqual({ TargetMiBps: 10, CurrentMiBps: 10 });
    expect((await update(20)).WarmThroughput).toEqual({ TargetMiBps: 20, CurrentMiBps: 10 });
  });

  test.for([
    ...unknownStreams({ WarmThroughputMiBps: 10 }),
    [{ StreamName: "none" }, validation(mustNotBeNull("warmThroughputMiBps"))],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "UpdateStreamWarmThroughput", input)).toBe(failure);
  });
});
