import { CreateLogGroupCommand, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { groupArn } from "./log-lines.ts";

const test = emulatorTest({ clock: "frozen" });

test("makes a group, once", async ({ emulator, uniqueName: logGroupName }) => {
  const { emu, logs } = emulator;
  const { now } = await emu.clock.read();
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
  const arn = groupArn(logGroupName);
  expect(logGroups).toEqual([
    {
      logGroupName,
      creationTime: now,
      metricFilterCount: 0,
      arn: `${arn}:*`,
      storedBytes: 0,
      logGroupClass: "STANDARD",
      logGroupArn: arn,
    },
  ]);
  expect(await failureOf(logs.send(new CreateLogGroupCommand({ logGroupName })))).toBe(
    "400 ResourceAlreadyExistsException: The specified log group already exists",
  );
});

test.for<readonly [string | undefined, string]>([
  [undefined, validation(mustNotBeNull("logGroupName"))],
  [
    "a b",
    validation(
      violation("a b", "logGroupName", String.raw`Member must satisfy regular expression pattern: [\.\-_/#A-Za-z0-9]+`),
    ),
  ],
  [
    "g".repeat(513),
    validation(violation("g".repeat(513), "logGroupName", "Member must have length less than or equal to 512")),
  ],
])("refuses the name %s", async ([logGroupName, failure], { emulator }) => {
  expect(await failureOf(emulator.logs.send(new CreateLogGroupCommand({ logGroupName })))).toBe(failure);
});
