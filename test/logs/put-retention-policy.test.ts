import { DescribeLogGroupsCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { createGroup, noGroup } from "./log-lines.ts";

const test = emulatorTest();

test("is told of the group from then on", async ({ emulator: { logs }, uniqueName: logGroupName }) => {
  await createGroup(logs, logGroupName);
  const retention = async () =>
    (await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }))).logGroups?.[0]
      ?.retentionInDays;
  expect(await retention()).toBeUndefined();
  for (const retentionInDays of [7, 3653]) {
    await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
    expect(await retention()).toBe(retentionInDays);
  }
});

test("is one of AWS's, of a group that there is", async ({ emulator: { logs }, uniqueName: logGroupName }) => {
  const put = (retentionInDays: number) => logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
  expect(await failureOf(put(7))).toBe(noGroup);
  await createGroup(logs, logGroupName);
  expect(await failureOf(put(8))).toMatch(/^400 InvalidParameterException: Invalid retention value: 8\./);
});
