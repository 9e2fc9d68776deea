import { EnableEnhancedMonitoringCommand } from "@aws-sdk/client-kinesis";
import type { MetricsName } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf } from "../emulator/raw-http.ts";
import { activeStream, arnOf, describeStream, latencyMs, notActive, unknownStreams, updated } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

const all = [
  "IncomingBytes",
  "IncomingRecords",
  "OutgoingBytes",
  "OutgoingRecords",
  "WriteProvisionedThroughputExceeded",
  "ReadProvisionedThroughputExceeded",
  "IteratorAgeMilliseconds",
];

describe("EnableEnhancedMonitoring", () => {
  test("tells the metrics before and after, and keeps them", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await activeStream(emulator, name);
    const enable = (...ShardLevelMetrics: MetricsName[]) =>
      kinesis.send(new EnableEnhancedMonitoringCommand({ StreamName: name, ShardLevelMetrics }));
    const { $metadata: _, ...first } = await enable("OutgoingRecords", "IncomingBytes");
    const two = ["IncomingBytes", "OutgoingRecords"];
    expect(first).toStrictEqual({
      StreamName: name,
      StreamARN: arnOf(name),
      CurrentShardLevelMetrics: [],
      DesiredShardLevelMetrics: two,
    });
    expect(await failureOf(enable("ALL"))).toBe(notActive(name));
    await updated(emulator, name);
    expect((await describeStream(kinesis, name)).EnhancedMonitoring).toEqual([{ ShardLevelMetrics: two }]);
    expect(await enable("ALL")).toMatchObject({ CurrentShardLevelMetrics: two, DesiredShardLevelMetrics: all });
    await updated(emulator, name);
    expect((await describeStream(kinesis, name)).EnhancedMonitoring).toEqual([{ ShardLevelMetrics: all }]);
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
    expect(await rawFailureOf(emulator.emu.endpoint, "EnableEnhancedMonitoring", input)).toBe(failure);
  });
});
