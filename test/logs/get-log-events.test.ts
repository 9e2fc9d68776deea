import { DescribeLogStreamsCommand, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { GetLogEventsRequest } from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect } from "vitest";
import type { TestEmulator } from "../emulator/emulator.ts";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, validation, violation } from "../emulator/failure-of.ts";
import { createGroup, groupArn, logOfFunction, noGroup, noStream, putLines } from "./log-lines.ts";

const test = emulatorTest();

/** Five lines of one stream, a millisecond apart. */
async function fiveLines({ emu, logs }: TestEmulator, logGroupName: string) {
  const { now } = await emu.clock.read();
  await createGroup(logs, logGroupName, "s");
  await putLines(
    logs,
    logGroupName,
    "s",
    Array.from("abcde", (line, index) => [now + index, line]),
  );
  const get = async (request: Partial<GetLogEventsRequest> = {}) => {
    const output = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName: "s", ...request }));
    return { ...output, text: output.events?.map(({ message }) => message).join("") };
  };
  return { now, get };
}

describe("GetLogEvents", () => {
  test("gives the newest lines, or the oldest, each with its times", async ({ emulator, uniqueName }) => {
    const { now, get } = await fiveLines(emulator, uniqueName);
    expect((await get()).text).toBe("abcde");
    expect((await get({ limit: 2 })).text).toBe("de");
    const { events, text } = await get({ limit: 2, startFromHead: true });
    expect(text).toBe("ab");
    expect(events?.[0]).toEqual({ timestamp: now, message: "a", ingestionTime: expect.any(Number) });
    expect((await get({ startTime: now + 1, endTime: now + 3 })).text).toBe("bc");
    expect((await get({ logGroupName: undefined, logGroupIdentifier: groupArn(uniqueName) })).text).toBe("abcde");
  });

  test("pages both ways, and gives the same token again at the end", async ({ emulator, uniqueName }) => {
    const { get } = await fiveLines(emulator, uniqueName);
    const first = await get({ limit: 2, startFromHead: true });
    expect(first.nextForwardToken).toMatch(/^f\/\d{56}\/s$/);
    expect(first.nextBackwardToken).toMatch(/^b\/\d{56}\/s$/);
    const second = await get({ limit: 2, nextToken: first.nextForwardToken });
    const third = await get({ limit: 2, nextToken: second.nextForwardToken });
    const end = await get({ limit: 2, nextToken: third.nextForwardToken });
    expect([second.text, third.text, end.text]).toEqual(["cd", "e", ""]);
    expect(end.nextForwardToken).toBe(third.nextForwardToken);
    const back = await get({ limit: 3, nextToken: third.nextBackwardToken });
    expect(back.text).toBe("bcd");
  });

  test("gives a function's lines between START, END and REPORT", async ({ emulator, uniqueName }) => {
    const { group: logGroupName, requestId } = await logOfFunction(emulator, uniqueName, "hello");
    const { logStreams } = await emulator.logs.send(new DescribeLogStreamsCommand({ logGroupName }));
    const logStreamName = logStreams?.[0]?.logStreamName;
    const { events = [] } = await emulator.logs.send(
      new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }),
    );
    const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
    const expected = [
      /^INIT_START Runtime Version: .+/,
      new RegExp(`^START RequestId: ${requestId} Version: \\$LATEST\n$`),
      new RegExp(`^${time}\t${requestId}\tINFO\thello\n$`),
      new RegExp(`^${time}\t${requestId}\tERROR\tand \\{ an: 'object' \\}\n$`),
      new RegExp(`^END RequestId: ${requestId}\n$`),
      new RegExp(
        `^REPORT RequestId: ${requestId}\tDuration: [\\d.]+ ms\tBilled Duration: \\d+ ms\tMemory Size: 128 MB\tMax Memory Used: \\d+ MB\tInit Duration: [\\d.]+ ms\t\n$`,
      ),
    ];
    expect(events.map(({ message }) => message)).toEqual(expected.map((line) => expect.stringMatching(line)));
    const times = events.map(({ timestamp = 0 }) => timestamp);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test("refuses what is not there or cannot be", async ({ emulator, uniqueName }) => {
    const { get } = await fiveLines(emulator, uniqueName);
    expect(await failureOf(get({ logGroupName: "none" }))).toBe(noGroup);
    expect(await failureOf(get({ logStreamName: "none" }))).toBe(noStream);
    expect(await failureOf(get({ nextToken: "made up" }))).toBe(
      "400 InvalidParameterException: The specified nextToken is invalid.",
    );
    expect(await failureOf(get({ limit: 10_001 }))).toBe(
      validation(violation("10001", "limit", "Member must have value less than or equal to 10000")),
    );
    expect(await failureOf(get({ logGroupIdentifier: groupArn(uniqueName) }))).toBe(
      "400 InvalidParameterException: LogGroup name and LogGroup ARN are mutually exclusive parameters.",
    );
  });
});
