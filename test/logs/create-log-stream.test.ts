import { CreateLogStreamCommand, DescribeLogStreamsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, validation, violation } from "../emulator/failure-of.ts";
import { createGroup, groupArn, noGroup } from "./log-lines.ts";

const test = emulatorTest({ clock: "frozen" });

test("makes an empty stream, once", async ({ emulator, uniqueName: logGroupName }) => {
  const { emu, logs } = emulator;
  await createGroup(logs, logGroupName);
  const { now } = await emu.clock.read();
  const logStreamName = "2026/01/01/[$LATEST]abc";
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
  const arn = `${groupArn(logGroupName)}:log-stream:${logStreamName}`;
  expect(logStreams).toEqual([{ logStreamName, creationTime: now, arn, storedBytes: 0 }]);
  expect(await failureOf(logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName })))).toBe(
    "400 ResourceAlreadyExistsException: The specified log stream already exists",
  );
});

test("refuses what is not there or cannot be", async ({ emulator, uniqueName: logGroupName }) => {
  const { logs } = emulator;
  const create = (logStreamName: string) =>
    failureOf(logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName })));
  expect(await create("a")).toBe(noGroup);
  expect(await create("a:b")).toBe(
    validation(violation("a:b", "logStreamName", "Member must satisfy regular expression pattern: [^:*]*")),
  );
  expect(await create("")).toBe(
    validation(violation("", "logStreamName", "Member must have length greater than or equal to 1")),
  );
});
