import { IncreaseStreamRetentionPeriodCommand, SplitShardCommand } from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import {
  activeStream,
  arnOf,
  describeStream,
  invalidArgument,
  iteratorOf,
  keysAt,
  latencyMs,
  notActive,
  put,
  unknownStreams,
  updated,
  lineageOf,
  shardNotFound,
  shardId,
} from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });
const hour = 3_600_000;

function increase(kinesis: KinesisClient, StreamName: string, RetentionPeriodHours: number) {
  return kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
}

describe("IncreaseStreamRetentionPeriod", () => {
  test("keeps records for longer, and does not bring back what expired", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    await put(kinesis, name, "a");
    await emu.clock.advance(2 * hour);
    await put(kinesis, name, "b");
    await emu.clock.advance(23 * hour);
    await increase(kinesis, name, 48);
    await updated(emulator, name);
    expect((await describeStream(kinesis, name)).RetentionPeriodHours).toBe(48);
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual(["b"]);
    await emu.clock.advance(24 * hour);
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual(["b"]);
    await emu.clock.advance(2 * hour);
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual([]);
  });

  test("does not bring back a closed shard that expired", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    await kinesis.send(
      new SplitShardCommand({ StreamName: name, ShardToSplit: shardId(0), NewStartingHashKey: "1000" }),
    );
    await emu.clock.advance(23 * hour);
    expect(await lineageOf(kinesis, { StreamName: name })).toEqual(["0", "1 < 0", "2 < 0"]);
    await emu.clock.advance(hour + 2000);
    expect(await lineageOf(kinesis, { StreamName: name })).toEqual(["1 < 0", "2 < 0"]);
    expect(await failureOf(iteratorOf(kinesis, name))).toBe(shardNotFound(name));
    await increase(kinesis, name, 48);
    await emu.clock.advance(latencyMs);
    expect(await lineageOf(kinesis, { StreamName: name })).toEqual(["1 < 0", "2 < 0"]);
  });

  test("takes the period that there is, and refuses others", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    const reply = await rawKinesis(emu.endpoint, "IncreaseStreamRetentionPeriod", {
      StreamARN: arnOf(name),
      RetentionPeriodHours: 24,
    });
    expect([reply.status, reply.body]).toEqual([200, ""]);
    expect(await failureOf(increase(kinesis, name, 24))).toBe(notActive(name));
    await emu.clock.advance(latencyMs);
    expect(await failureOf(increase(kinesis, name, 48))).toBe("no failure");
    await emu.clock.advance(latencyMs);
    expect(await failureOf(increase(kinesis, name, 47))).toBe(
      invalidArgument(
        `Requested retention period (47 hours) for stream ${name} can not be shorter than existing retention period ` +
          "(48 hours). Use DecreaseRetentionPeriod API.",
      ),
    );
    expect(await failureOf(increase(kinesis, name, 23))).toBe(
      invalidArgument(
        "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.",
      ),
    );
    expect(await failureOf(increase(kinesis, name, 8761))).toBe(
      invalidArgument(
        "Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.",
      ),
    );
  });

  test.for([
    ...unknownStreams({ RetentionPeriodHours: 24 }),
    [{ StreamName: "none" }, validation(mustNotBeNull("retentionPeriodHours"))],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "IncreaseStreamRetentionPeriod", input)).toBe(failure);
  });
});
