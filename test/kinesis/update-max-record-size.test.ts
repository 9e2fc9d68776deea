import { DescribeStreamSummaryCommand, UpdateMaxRecordSizeCommand } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { activeStream, arnOf, latencyMs, notActive, put, streamNotFound, updated } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("UpdateMaxRecordSize", () => {
  test("lets larger records in", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await activeStream(emulator, name);
    const Data = Buffer.alloc(2 * 1024 * 1024 - 1);
    expect(await failureOf(put(kinesis, name, "a", { Data }))).toContain("400 ValidationException");
    const update = () =>
      kinesis.send(new UpdateMaxRecordSizeCommand({ StreamARN: arnOf(name), MaxRecordSizeInKiB: 2048 }));
    await update();
    expect(await failureOf(update())).toBe(notActive(name));
    await updated(emulator, name);
    expect(await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name }))).toMatchObject({
      StreamDescriptionSummary: { MaxRecordSizeInKiB: 2048 },
    });
    expect(await put(kinesis, name, "a", { Data })).toMatch(/^\d{56}$/);
    expect(await failureOf(put(kinesis, name, "ab", { Data }))).toContain("400 ValidationException");
  });

  test("answers with an empty body", async ({ emulator, uniqueName: name }) => {
    await activeStream(emulator, name);
    const input = { StreamARN: arnOf(name), MaxRecordSizeInKiB: 10_240 };
    const reply = await rawKinesis(emulator.emu.endpoint, "UpdateMaxRecordSize", input);
    expect([reply.status, reply.body]).toEqual([200, ""]);
  });

  test.for([
    [{ StreamARN: arnOf("none"), MaxRecordSizeInKiB: 2048 }, streamNotFound("none")],
    [{ MaxRecordSizeInKiB: 2048 }, validation(mustNotBeNull("streamARN"))],
    [{ StreamARN: arnOf("none") }, validation(mustNotBeNull("maxRecordSizeInKiB"))],
    [
      { StreamARN: arnOf("none"), MaxRecordSizeInKiB: 1023 },
      validation(violation("1023", "maxRecordSizeInKiB", "Member must have value greater than or equal to 1024")),
    ],
    [
      { StreamARN: arnOf("none"), MaxRecordSizeInKiB: 10_241 },
      validation(violation("10241", "maxRecordSizeInKiB", "Member must have value less than or equal to 10240")),
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "UpdateMaxRecordSize", input)).toBe(failure);
  });
});
