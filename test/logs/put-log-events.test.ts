import { PutLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { createGroup, messagesOf, noGroup, noStream, putLines } from "./log-lines.ts";

const test = emulatorTest({ clock: "frozen" });
const hour = 3_600_000;

describe("PutLogEvents", () => {
  test("stores lines as they are", async ({ emulator, uniqueName: name }) => {
    const { emu, logs } = emulator;
    const { now } = await emu.clock.read();
    await createGroup(logs, name, "s");
    const lines = ["plain", '{"a":1}', "ünïcödé \u{1F40B}", "two\nlines", " "];
    const output = await putLines(
      logs,
      name,
      "s",
      lines.map((line, index) => [now + index, line]),
    );
    expect(output.nextSequenceToken).toMatch(/^\d{56}$/);
    expect(output).not.toHaveProperty("rejectedLogEventsInfo");
    expect(await messagesOf(logs, name)).toEqual(lines);
  });

  test("takes a sequence token, which nobody needs any more", async ({ emulator, uniqueName: logGroupName }) => {
    const { emu, logs } = emulator;
    const { now } = await emu.clock.read();
    await createGroup(logs, logGroupName, "s");
    const line = { logGroupName, logStreamName: "s", logEvents: [{ timestamp: now, message: "line" }] };
    await logs.send(new PutLogEventsCommand({ ...line, sequenceToken: "any" }));
    expect(await messagesOf(logs, logGroupName)).toEqual(["line"]);
  });

  test("leaves out what is too old or too new, and tells which", async ({ emulator, uniqueName: name }) => {
    const { emu, logs } = emulator;
    const { now } = await emu.clock.read();
    await createGroup(logs, name, "s");
    const output = await putLines(logs, name, "s", [
      [now - 14 * 24 * hour - 1, "too old"],
      [now - 14 * 24 * hour, "old"],
      [now + 2 * hour, "new"],
      [now + 2 * hour + 1, "too new"],
    ]);
    expect(output.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 3 });
    expect(await messagesOf(logs, name)).toEqual(["old", "new"]);
  });

  test("refuses lines that are not in order, or more than 1 MiB with 26 bytes each", async ({
    emulator,
    uniqueName: name,
  }) => {
    const { emu, logs } = emulator;
    const { now } = await emu.clock.read();
    await createGroup(logs, name, "s");
    const unordered = putLines(logs, name, "s", [
      [now, "b"],
      [now - 1, "a"],
    ]);
    expect(await failureOf(unordered)).toBe(
      "400 InvalidParameterException: Log events in a single PutLogEvents request must be in chronological order.",
    );
    const longest = 1024 * 1024 - 26;
    expect(await failureOf(putLines(logs, name, "s", [[now, "x".repeat(longest + 1)]]))).toBe(
      "400 InvalidParameterException: Upload too large: 1048577 bytes exceeds limit of 1048576 bytes",
    );
    await putLines(logs, name, "s", [[now, "x".repeat(longest)]]);
    expect((await messagesOf(logs, name)).map(({ length }) => length)).toEqual([longest]);
  });

  test("refuses what is not there or cannot be", async ({ emulator, uniqueName: name }) => {
    const { logs } = emulator;
    await createGroup(logs, name, "s");
    expect(await failureOf(putLines(logs, "none", "s", [[1, "a"]]))).toBe(noGroup);
    expect(await failureOf(putLines(logs, name, "none", [[1, "a"]]))).toBe(noStream);
    expect(await failureOf(putLines(logs, name, "s", []))).toBe(
      validation(violation("[]", "logEvents", "Member must have length greater than or equal to 1")),
    );
    expect(await failureOf(putLines(logs, name, "s", [[-1, ""]]))).toBe(
      validation(
        violation("-1", "logEvents.1.member.timestamp", "Member must have value greater than or equal to 0"),
        violation("", "logEvents.1.member.message", "Member must have length greater than or equal to 1"),
      ),
    );
    const nothing = new PutLogEventsCommand({
      logGroupName: undefined,
      logStreamName: undefined,
      logEvents: undefined,
    });
    expect(await failureOf(logs.send(nothing))).toBe(
      validation(mustNotBeNull("logGroupName"), mustNotBeNull("logStreamName"), mustNotBeNull("logEvents")),
    );
  });
});
