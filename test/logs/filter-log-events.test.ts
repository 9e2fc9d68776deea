import { FilterLogEventsCommand, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { FilterLogEventsRequest } from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect } from "vitest";
import type { TestEmulator } from "../emulator/emulator.ts";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, validation, violation } from "../emulator/failure-of.ts";
import { createGroup, groupArn, logOfFunction, messagesOf, noGroup, noStream, putLines } from "./log-lines.ts";

const test = emulatorTest();

/** Six lines, a millisecond apart, in turn of two streams. */
async function sixLines({ emu, logs }: TestEmulator, logGroupName: string) {
  const { now } = await emu.clock.read();
  await createGroup(logs, logGroupName, "x-1", "x-2", "y");
  const lines = ["ERROR one", "INFO two", "ERROR three", "INFO error four", "WARN five", "ERROR one six"];
  for (const [index, line] of lines.entries())
    await putLines(logs, logGroupName, index % 2 === 0 ? "x-1" : "x-2", [[now + index, line]]);
  const filter = async (request: Partial<FilterLogEventsRequest> = {}) => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, ...request }));
    return events.map(({ message = "" }) => lines.indexOf(message) + 1).join("");
  };
  return { now, filter };
}

describe("FilterLogEvents", () => {
  test("gives the lines of all streams by time", async ({ emulator, uniqueName: logGroupName }) => {
    const { logs } = emulator;
    const { now, filter } = await sixLines(emulator, logGroupName);
    expect(await filter()).toBe("123456");
    const { $metadata, ...output } = await logs.send(new FilterLogEventsCommand({ logGroupName, limit: 1 }));
    expect($metadata.httpStatusCode).toBe(200);
    expect(output).toEqual({
      events: [
        {
          logStreamName: "x-1",
          timestamp: now,
          message: "ERROR one",
          ingestionTime: expect.any(Number),
          eventId: expect.stringMatching(/^\d{56}$/),
        },
      ],
      searchedLogStreams: [],
      nextToken: expect.any(String),
    });
  });

  test("filters by terms, streams and time", async ({ emulator, uniqueName }) => {
    const { now, filter } = await sixLines(emulator, uniqueName);
    expect(await filter({ filterPattern: "ERROR" })).toBe("136");
    expect(await filter({ filterPattern: '"ERROR one"' })).toBe("16");
    expect(await filter({ filterPattern: "ERROR -one" })).toBe("3");
    expect(await filter({ filterPattern: "?WARN ?INFO" })).toBe("245");
    expect(await filter({ logStreamNames: ["x-2", "y"] })).toBe("246");
    expect(await filter({ logStreamNamePrefix: "x-1" })).toBe("135");
    expect(await filter({ startTime: now + 1, endTime: now + 3 })).toBe("234");
    expect(await filter({ logGroupName: undefined, logGroupIdentifier: groupArn(uniqueName) })).toBe("123456");
  });

  test("pages, and goes on with what comes later", async ({ emulator, uniqueName: logGroupName }) => {
    const { logs } = emulator;
    await sixLines(emulator, logGroupName);
    const pages: number[] = [];
    const filter = { logGroupName, filterPattern: "ERROR" };
    for await (const { events = [] } of paginateFilterLogEvents({ client: logs, pageSize: 2 }, filter))
      pages.push(events.length);
    expect(pages).toEqual([2, 1]);
  });

  test("finds a function's lines by the id of the request", async ({ emulator, uniqueName }) => {
    const { logs } = emulator;
    const { group, requestId } = await logOfFunction(emulator, uniqueName, "hello");
    const lines = await messagesOf(logs, group, `"${requestId}"`);
    expect(lines.map((line) => line.split(/[\s:]/)[0])).toEqual([
      "START",
      expect.stringMatching(/^\d{4}-/),
      expect.stringMatching(/^\d{4}-/),
      "END",
      "REPORT",
    ]);
    expect(await messagesOf(logs, group, "hello")).toHaveLength(1);
  });

  test("refuses what is not there or cannot be", async ({ emulator, uniqueName }) => {
    const { filter } = await sixLines(emulator, uniqueName);
    const invalid = "400 InvalidParameterException:";
    expect(await failureOf(filter({ logGroupName: "none" }))).toBe(noGroup);
    expect(await failureOf(filter({ logStreamNames: ["x-1", "none"] }))).toBe(noStream);
    expect(await failureOf(filter({ logStreamNames: ["x-1"], logStreamNamePrefix: "x" }))).toBe(
      `${invalid} logStreamNamePrefix and logStreamNames are mutually exclusive parameters.`,
    );
    expect(await failureOf(filter({ nextToken: "made up" }))).toBe(`${invalid} The specified nextToken is invalid.`);
    expect(await failureOf(filter({ filterPattern: "{ $.level = 1 }" }))).toBe(
      `${invalid} LocalEmu filters log events by terms and quoted phrases; it does not evaluate JSON patterns ({ $.name = … }).`,
    );
    expect(await failureOf(filter({ limit: 0 }))).toBe(
      validation(violation("0", "limit", "Member must have value greater than or equal to 1")),
    );
  });
});
