import { DeleteLogGroupCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { createGroup, messagesOf, noGroup, putLines } from "./log-lines.ts";

const test = emulatorTest({ clock: "frozen" });

test("deletes a group with its streams and lines", async ({ emulator, uniqueName: logGroupName }) => {
  const { emu, logs } = emulator;
  const { now } = await emu.clock.read();
  await createGroup(logs, logGroupName, "s");
  await putLines(logs, logGroupName, "s", [[now, "line"]]);
  await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  expect((await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }))).logGroups).toEqual([]);
  expect(await failureOf(messagesOf(logs, logGroupName))).toBe(noGroup);
  expect(await failureOf(logs.send(new DeleteLogGroupCommand({ logGroupName })))).toBe(noGroup);
  await createGroup(logs, logGroupName, "s");
  expect(await messagesOf(logs, logGroupName)).toEqual([]);
});
