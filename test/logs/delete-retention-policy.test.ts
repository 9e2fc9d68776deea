import {
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { createGroup, noGroup } from "./log-lines.ts";

const test = emulatorTest();

test("leaves a group whose events never expire", async ({ emulator: { logs }, uniqueName: logGroupName }) => {
  const remove = () => logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
  expect(await failureOf(remove())).toBe(noGroup);
  await createGroup(logs, logGroupName);
  await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 14 }));
  await remove();
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
  expect(logGroups?.[0]).not.toHaveProperty("retentionInDays");
});
