import { beforeEach, describe, expect, test } from "vitest";
import { fakeHostTime } from "../../core/fake-host-time.ts";
import type { FakeHostTime } from "../../core/fake-host-time.ts";
import { WorldClock } from "../../core/world-clock.ts";
import type { CallContext } from "../../protocols/operations.ts";
import { memoryDocuments } from "../../storage/memory-documents.ts";
import type { DocumentStore } from "../../storage/document-store.ts";
import { nothingKept } from "../../storage/document-store.ts";
import { createLogs } from "./index.ts";
import type { Logs } from "./index.ts";

const region = "eu-west-1";
const call: CallContext = {
  region,
  accountId: "000000000000",
  requestId: "r",
  accessKeyId: "k",
  origin: "http://127.0.0.1:4566",
  signal: new AbortController().signal,
};
const group = "/aws/lambda/orders";

let host: FakeHostTime;
let start: number;
let logs: Logs;

beforeEach(() => {
  host = fakeHostTime();
  start = host.epoch();
  logs = createLogs({ clock: new WorldClock(host, () => {}), documents: nothingKept });
});

/** Writes `a1 b2 a3 …`: the letter is the stream, the number the milliseconds after the start. */
function write(lines: string): void {
  for (const line of lines.split(" ")) {
    logs.write(region, group, line.slice(0, 1), start + Number(line.slice(1)), `${line}\n`);
  }
}

describe("FilterLogEvents", () => {
  const filter = async (input: object = {}) => {
    const answer = await logs.operations.FilterLogEvents({ logGroupName: group, ...input }, call);
    return { ...answer, text: (answer.events ?? []).map(({ message = "" }) => message.trim()).join(" ") };
  };

  test("interleaves streams by time and pages through them", async () => {
    write("a1 a4 b2 b3 b5 a5");
    expect((await filter()).text).toBe("a1 b2 b3 a4 b5 a5");
    const pages: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await filter({ limit: 4, ...(nextToken === undefined ? {} : { nextToken }) });
      pages.push(page.text);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(pages).toEqual(["a1 b2 b3 a4", "b5 a5"]);
  });

  test("gives events with their stream, times and an id that sorts", async () => {
    write("a1 b2");
    const { events } = await filter();
    expect(events?.[0]).toEqual({
      logStreamName: "a",
      timestamp: start + 1,
      ingestionTime: start,
      message: "a1\n",
      eventId: expect.stringMatching(/^\d{56}$/),
    });
    expect(String(events?.[0]?.eventId) < String(events?.[1]?.eventId)).toBe(true);
  });

  test.each<[object, string]>([
    [{ startTime: 2, endTime: 3 }, "b2 a3"],
    [{ logStreamNames: ["b"] }, "b2 b4"],
    [{ logStreamNamePrefix: "a" }, "a1 a3"],
    [{ filterPattern: "?1 ?4" }, "a1 b4"],
  ])("takes %j", async (input, text) => {
    write("a1 b2 a3 b4");
    const times = Object.entries(input).map(([name, value]) => [
      name,
      typeof value === "number" ? start + value : value,
    ]);
    expect((await filter(Object.fromEntries(times))).text).toBe(text);
  });

  test("takes the group by its ARN", async () => {
    write("a1");
    const logGroupIdentifier = `arn:aws:logs:${region}:000000000000:log-group:${group}:*`;
    expect((await logs.operations.FilterLogEvents({ logGroupIdentifier }, call)).events).toHaveLength(1);
  });

  test.each<[object, string, string]>([
    [{ logGroupName: "none" }, "ResourceNotFoundException", "The specified log group does not exist."],
    [{ logStreamNames: ["none"] }, "ResourceNotFoundException", "The specified log stream does not exist."],
    [{ nextToken: "none" }, "InvalidParameterException", "The specified nextToken is invalid."],
  ])("refuses %j", async (input, code, message) => {
    write("a1");
    await expect(filter(input)).rejects.toMatchObject({ code, message });
  });
});

describe("GetLogEvents", () => {
  const get = async (input: object = {}) => {
    const answer = await logs.operations.GetLogEvents({ logGroupName: group, logStreamName: "a", ...input }, call);
    return { ...answer, text: (answer.events ?? []).map(({ message = "" }) => message.trim()).join(" ") };
  };

  test("goes forward from the head until the token stays the same, and on when there is more", async () => {
    write("a1 a2 a3");
    const first = await get({ startFromHead: true, limit: 2 });
    expect(first.text).toBe("a1 a2");
    const second = await get({ nextToken: first.nextForwardToken, limit: 2 });
    expect(second.text).toBe("a3");
    const end = await get({ nextToken: second.nextForwardToken });
    expect([end.text, end.nextForwardToken]).toEqual(["", second.nextForwardToken]);
    write("a4");
    expect((await get({ nextToken: end.nextForwardToken })).text).toBe("a4");
    expect((await get({ nextToken: second.nextBackwardToken })).text).toBe("a1 a2");
  });

  test("gives the newest without startFromHead, and goes backward", async () => {
    write("a1 a2 a3");
    const newest = await get({ limit: 2 });
    expect(newest.text).toBe("a2 a3");
    const before = await get({ nextToken: newest.nextBackwardToken, limit: 2 });
    expect(before.text).toBe("a1");
    expect((await get({ nextToken: before.nextBackwardToken })).nextBackwardToken).toBe(before.nextBackwardToken);
  });

  test("leaves out what is at endTime or later", async () => {
    write("a1 a2 a3");
    expect((await get({ startTime: start + 2, endTime: start + 3 })).text).toBe("a2");
  });
});

describe("groups and streams", () => {
  test("are made, listed, filled and deleted", async () => {
    const { CreateLogGroup, CreateLogStream, DescribeLogGroups, DescribeLogStreams } = logs.operations;
    const { PutLogEvents, DeleteLogStream, DeleteLogGroup } = logs.operations;
    const names = { logGroupName: "mine", logStreamName: "s" };
    await CreateLogGroup(names, call);
    expect(() => CreateLogGroup(names, call)).toThrow("The specified log group already exists");
    await CreateLogStream(names, call);
    expect(() => CreateLogStream(names, call)).toThrow("The specified log stream already exists");
    await PutLogEvents({ ...names, logEvents: [{ timestamp: start, message: "m" }] }, call);
    expect(await DescribeLogGroups({ logGroupNamePrefix: "m" }, call)).toMatchObject({
      logGroups: [{ logGroupName: "mine", storedBytes: 27, creationTime: start }],
    });
    expect((await DescribeLogGroups({ logGroupNamePrefix: "x" }, call)).logGroups).toEqual([]);
    expect((await DescribeLogGroups({}, { ...call, region: "us-east-1" })).logGroups).toEqual([]);
    expect(await DescribeLogStreams(names, call)).toMatchObject({
      logStreams: [{ logStreamName: "s", firstEventTimestamp: start, lastEventTimestamp: start }],
    });
    await DeleteLogStream(names, call);
    expect((await DescribeLogStreams(names, call)).logStreams).toEqual([]);
    await DeleteLogGroup(names, call);
    expect(() => DeleteLogGroup(names, call)).toThrow("The specified log group does not exist.");
  });

  test("streams come by name or by last event, either way round, in pages", async () => {
    write("b1 c2 a3");
    const list = async (input: object) => {
      const { logStreams, nextToken } = await logs.operations.DescribeLogStreams(
        { logGroupName: group, ...input },
        call,
      );
      return [(logStreams ?? []).map(({ logStreamName }) => logStreamName).join(""), nextToken];
    };
    expect(await list({})).toEqual(["abc", undefined]);
    expect(await list({ descending: true })).toEqual(["cba", undefined]);
    expect(await list({ orderBy: "LastEventTime" })).toEqual(["bca", undefined]);
    for (const order of [{}, { descending: true }, { orderBy: "LastEventTime", descending: true }]) {
      const [all = ""] = await list(order);
      const [first, nextToken] = await list({ ...order, limit: 1 });
      expect([first, ...(await list({ ...order, nextToken, limit: 2 }))]).toEqual([all[0], all.slice(1), undefined]);
    }
    expect(await list({ logStreamNamePrefix: "c" })).toEqual(["c", undefined]);
    await expect(list({ logStreamNamePrefix: "c", orderBy: "LastEventTime" })).rejects.toThrow(
      "Cannot order by LastEventTime with a logStreamNamePrefix.",
    );
  });

  test("events outside of the time that AWS takes are rejected by index", async () => {
    write("a1");
    const day = 86_400_000;
    const times = [-15 * day, -13 * day, 0, day];
    const answer = await logs.operations.PutLogEvents(
      {
        logGroupName: group,
        logStreamName: "a",
        logEvents: times.map((time) => ({ timestamp: start + time, message: `${time}` })),
      },
      call,
    );
    expect(answer.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 3 });
    const { events } = await logs.operations.FilterLogEvents({ logGroupName: group }, call);
    expect(events?.map(({ message }) => message)).toEqual([`${-13 * day}`, "0", "a1\n"]);
  });

  test.each<[{ timestamp: number; message: string }[], string]>([
    [
      [
        { timestamp: 2, message: "a" },
        { timestamp: 1, message: "b" },
      ],
      "Log events in a single PutLogEvents request must be in chronological order.",
    ],
    [
      [{ timestamp: 1, message: "x".repeat(1_048_551) }],
      "Upload too large: 1048577 bytes exceeds limit of 1048576 bytes",
    ],
  ])("a batch is refused as a whole", (logEvents, message) => {
    write("a1");
    expect(() => logs.operations.PutLogEvents({ logGroupName: group, logStreamName: "a", logEvents }, call)).toThrow(
      message,
    );
  });
});

describe("the next emulator", () => {
  const restarted = (documents: DocumentStore) => createLogs({ clock: new WorldClock(host, () => {}), documents });
  const all = async ({ operations }: Logs) => [
    await operations.DescribeLogGroups({}, call),
    await operations.DescribeLogStreams({ logGroupName: group }, call),
    await operations.FilterLogEvents({ logGroupName: group }, call),
  ];

  test("has groups with their settings, streams and events, and gives no event's id again", async () => {
    const documents = memoryDocuments();
    logs = restarted(documents);
    write("a1 b2 a3");
    await logs.operations.PutRetentionPolicy({ logGroupName: group, retentionInDays: 7 }, call);
    const next = restarted(documents);
    expect(await all(next)).toEqual(await all(logs));
    next.write(region, group, "a", start + 3, "another\n");
    const { events = [] } = await next.operations.FilterLogEvents({ logGroupName: group }, call);
    expect(events.map(({ message }) => message)).toEqual(["a1\n", "b2\n", "a3\n", "another\n"]);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(4);
  });

  test("has nothing of what was deleted", async () => {
    const documents = memoryDocuments();
    logs = restarted(documents);
    write("a1 b2");
    await logs.operations.PutRetentionPolicy({ logGroupName: group, retentionInDays: 7 }, call);
    await logs.operations.DeleteLogStream({ logGroupName: group, logStreamName: "a" }, call);
    const { events } = await restarted(documents).operations.FilterLogEvents({ logGroupName: group }, call);
    expect(events?.map(({ message }) => message)).toEqual(["b2\n"]);
    await logs.operations.DeleteLogGroup({ logGroupName: group }, call);
    write("b3");
    const next = restarted(documents);
    expect(await all(next)).toEqual(await all(logs));
    expect(await next.operations.DescribeLogGroups({}, call)).not.toHaveProperty("logGroups.0.retentionInDays", 7);
  });
});
