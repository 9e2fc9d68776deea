import { DecreaseStreamRetentionPeriodCommand, IncreaseStreamRetentionPeriodCommand } from "@aws-sdk/client-kinesis";
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
} from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });
const hour = 3_600_000;

function decrease(kinesis: KinesisClient, StreamName: string, RetentionPeriodHours: number) {
  return kinesis.send(new DecreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
}

function increase(kinesis: KinesisClient, StreamName: string, RetentionPeriodHours: number) {
  return kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
}

describe("DecreaseStreamRetentionPeriod", () => {
  test("drops the records that are older", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    await increase(kinesis, name, 48);
    await emu.clock.advance(latencyMs);
    await put(kinesis, name, "a");
    const second = await put(kinesis, name, "b");
    await emu.clock.advance(25 * hour);
    await put(kinesis, name, "c");
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual(["a", "b", "c"]);
    await decrease(kinesis, name, 24);
    await updated(emulator, name);
    expect((await describeStream(kinesis, name)).RetentionPeriodHours).toBe(24);
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual(["c"]);
    // A position before the horizon is the horizon.
    const StartingSequenceNumber = second;
    for (const ShardIteratorType of ["AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"] as const)
      expect(
        await keysAt(kinesis, await iteratorOf(kinesis, name, { ShardIteratorType, StartingSequenceNumber })),
      ).toEqual(["c"]);
    await increase(kinesis, name, 48);
    await emu.clock.advance(latencyMs);
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual(["c"]);
  });

  test("takes the period that there is, and refuses others", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    const reply = await rawKinesis(emu.endpoint, "DecreaseStreamRetentionPeriod", {
      StreamARN: arnOf(name),
      RetentionPeriodHours: 24,
    });
    expect([reply.status, reply.body]).toEqual([200, ""]);
    expect(await failureOf(decrease(kinesis, name, 24))).toBe(notActive(name));
    await emu.clock.advance(latencyMs);
    expect(await failureOf(decrease(kinesis, name, 25))).toBe(
      invalidArgument(
        `Requested retention period (25 hours) for stream ${name} can not be longer than existing retention period ` +
          "(24 hours). Use IncreaseRetentionPeriod API.",
      ),
    );
    expect(await failureOf(decrease(kinesis, name, 23))).toBe(
      invalidArgument(
        "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.",
      ),
    );
    expect(await failureOf(decrease(kinesis, name, 8761))).toBe(
      invalidArgument(
        "Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.",
      ),
    );
  });

  test.for([
    ...unknownStreams({ RetentionPeriodHours: 24 }),
    [{ StreamName: "none" }, validation(mustNotBeNull("retentionPeriodHours"))],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "DecreaseStreamRetentionPeriod", input)).toBe(failure);
  });
});
