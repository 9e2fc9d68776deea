import { DisableEnhancedMonitoringCommand, EnableEnhancedMonitoringCommand } from "@aws-sdk/client-kinesis";
import type { MetricsName } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf } from "../emulator/raw-http.ts";
import { activeStream, arnOf, describeStream, latencyMs, notActive, unknownStreams, updated } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("DisableEnhancedMonitoring", () => {
  test("tells the metrics before and after, and keeps them", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    const two: MetricsName[] = ["IncomingBytes", "OutgoingRecords"];
    await kinesis.send(new EnableEnhancedMonitoringCommand({ StreamName: name, ShardLevelMetrics: two }));
    await emu.clock.advance(latencyMs);
    const disable = (...ShardLevelMetrics: MetricsName[]) =>
      kinesis.send(new DisableEnhancedMonitoringCommand({ StreamARN: arnOf(name), ShardLevelMetrics }));
    const { $metadata: _, ...reply } = await disable("IncomingBytes", "IncomingRecords");
    expect(reply).toStrictEqual({
      StreamName: name,
      StreamARN: arnOf(name),
      CurrentShardLevelMetrics: two,
      DesiredShardLevelMetrics: ["OutgoingRecords"],
    });
    expect(await failureOf(disable("ALL"))).toBe(notActive(name));
    await updated(emulator, name);
    expect((await describeStream(kinesis, name)).EnhancedMonitoring).toEqual([
      { ShardLevelMetrics: ["OutgoingRecords"] },
    ]);
    expect((await disable("ALL")).DesiredShardLevelMetrics).toEqual([]);
  });

  test.for([
    ...unknownStreams({ ShardLevelMetrics: ["ALL"] }),
    [{ StreamName: "none" }, validation(mustNotBeNull("shardLevelMetrics"))],
    [
      { StreamName: "none", ShardLevelMetrics: [] },
      validation(violation("[]", "shardLevelMetrics", "Member must have length greater than or equal to 1")),
    ],
    [
      { StreamName: "none", ShardLevelMetrics: ["SOME"] },
      validation(
        violation(
          "[SOME]",
          "shardLevelMetrics",
          "Member must satisfy constraint: [Member must satisfy enum value set: [IncomingBytes, IncomingRecords, " +
            "OutgoingBytes, OutgoingRecords, WriteProvisionedThroughputExceeded, ReadProvisionedThroughputExceeded, " +
            "IteratorAgeMilliseconds, ALL]]",
        ),
      ),
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "DisableEnhancedMonitoring", input)).toBe(failure);
  });
});
