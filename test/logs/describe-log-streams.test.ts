import {
  DeleteLogStreamCommand,
  DescribeLogStreamsCommand,
  paginateDescribeLogStreams,
} from "@aws-sdk/client-cloudwatch-logs";
import type { DescribeLogStreamsRequest } from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, validation, violation } from "../emulator/failure-of.ts";
import { createGroup, groupArn, logOfFunction, noGroup, putLines } from "./log-lines.ts";

const test = emulatorTest();

test("tells of a stream when its first and last line were written", async ({ emulator, uniqueName: logGroupName }) => {
  const { emu, logs } = emulator;
  const { now } = await emu.clock.freeze();
  await createGroup(logs, logGroupName, "s");
  await emu.clock.advance(10);
  await putLines(logs, logGroupName, "s", [
    [now - 5, "first"],
    [now + 5, "last"],
  ]);
  const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
  await emu.clock.resume();
  expect(logStreams).toEqual([
    {
      logStreamName: "s",
      creationTime: now,
      firstEventTimestamp: now - 5,
      lastEventTimestamp: now + 5,
      lastIngestionTime: now + 10,
      arn: `${groupArn(logGroupName)}:log-stream:s`,
      storedBytes: 0,
    },
  ]);
});

test("sorts by name or by last line, finds by prefix and ARN", async ({ emulator, uniqueName: logGroupName }) => {
  const { emu, logs } = emulator;
  const { now } = await emu.clock.read();
  await createGroup(logs, logGroupName, "b-1", "a-1", "b-2", "silent");
  for (const [index, stream] of ["b-2", "a-1", "b-1"].entries())
    await putLines(logs, logGroupName, stream, [[now + index, "line"]]);
  const list = async (request: DescribeLogStreamsRequest) => {
    const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand(request));
    return logStreams.map(({ logStreamName }) => logStreamName);
  };
  expect(await list({ logGroupName })).toEqual(["a-1", "b-1", "b-2", "silent"]);
  expect(await list({ logGroupName, descending: true })).toEqual(["silent", "b-2", "b-1", "a-1"]);
  expect(await list({ logGroupName, logStreamNamePrefix: "b" })).toEqual(["b-1", "b-2"]);
  const newestFirst = { orderBy: "LastEventTime", descending: true } as const;
  for (const logGroupIdentifier of [groupArn(logGroupName), logGroupName])
    expect(await list({ logGroupIdentifier, ...newestFirst })).toEqual(["b-1", "a-1", "b-2", "silent"]);
});

test("pages, and goes on when the stream where a page ended is gone", async ({
  emulator,
  uniqueName: logGroupName,
}) => {
  const { logs } = emulator;
  await createGroup(logs, logGroupName, "a", "b", "c", "d");
  const sizes: number[] = [];
  const pages = paginateDescribeLogStreams({ client: logs, pageSize: 3 }, { logGroupName });
  for await (const { logStreams = [] } of pages) sizes.push(logStreams.length);
  expect(sizes).toEqual([3, 1]);

  const { nextToken } = await logs.send(new DescribeLogStreamsCommand({ logGroupName, limit: 2 }));
  await logs.send(new DeleteLogStreamCommand({ logGroupName, logStreamName: "b" }));
  const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName, nextToken }));
  expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual(["c", "d"]);
  expect(await failureOf(logs.send(new DescribeLogStreamsCommand({ logGroupName, nextToken: "made up" })))).toBe(
    "400 InvalidParameterException: The specified nextToken is invalid.",
  );
});

test("names a function's streams by day, version and environment", async ({ emulator, uniqueName }) => {
  const { group } = await logOfFunction(emulator, uniqueName, "hello");
  const { logStreams } = await emulator.logs.send(new DescribeLogStreamsCommand({ logGroupName: group }));
  expect(logStreams).toHaveLength(1);
  expect(logStreams?.[0]?.logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][\da-f]{32}$/);
});

test.for<readonly [DescribeLogStreamsRequest, string]>([
  [{ logGroupName: "none" }, noGroup],
  [{ logGroupIdentifier: groupArn("none") }, noGroup],
  [
    { logGroupName: "a", logStreamNamePrefix: "b", orderBy: "LastEventTime" },
    "400 InvalidParameterException: Cannot order by LastEventTime with a logStreamNamePrefix.",
  ],
  [
    { logGroupIdentifier: `${groupArn("a")}:*` },
    validation(
      violation(
        `${groupArn("a")}:*`,
        "logGroupIdentifier",
        String.raw`Member must satisfy regular expression pattern: [\w#+=/:,.@-]*`,
      ),
    ),
  ],
  [
    { logGroupName: "a", limit: 51 },
    validation(violation("51", "limit", "Member must have value less than or equal to 50")),
  ],
  [{}, "400 InvalidParameterException: Either logGroupName or logGroupIdentifier must be specified."],
  [
    { logGroupName: "a", logGroupIdentifier: "a" },
    "400 InvalidParameterException: LogGroup name and LogGroup ARN are mutually exclusive parameters.",
  ],
])("answers %j with its error", async ([request, failure], { emulator }) => {
  const { logs } = emulator;
  await failureOf(createGroup(logs, "a"));
  expect(await failureOf(logs.send(new DescribeLogStreamsCommand(request)))).toBe(failure);
});
