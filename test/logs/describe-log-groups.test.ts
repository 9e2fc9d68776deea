import { DescribeLogGroupsCommand, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import type { DescribeLogGroupsRequest } from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, validation, violation } from "../emulator/failure-of.ts";
import { createGroup, groupArn, putLines } from "./log-lines.ts";

const test = emulatorTest({ clock: "frozen" });

test("finds groups by prefix, pattern and identifier", async ({ emulator, uniqueName: name }) => {
  const { logs } = emulator;
  const names = [`/${name}/Alpha`, `/${name}/alphabet`, `/${name}/beta`];
  for (const each of names.toReversed()) await createGroup(logs, each);
  const find = async (request: DescribeLogGroupsRequest) => {
    const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand(request));
    return logGroups.map(({ logGroupName = "" }) => logGroupName.replace(`/${name}/`, ""));
  };
  expect(await find({ logGroupNamePrefix: `/${name}/` })).toEqual(["Alpha", "alphabet", "beta"]);
  expect(await find({ logGroupNamePrefix: `/${name}/A` })).toEqual(["Alpha"]);
  expect(await find({ logGroupNamePattern: `${name}/ALPHA` })).toEqual(["Alpha", "alphabet"]);
  expect(await find({ logGroupIdentifiers: [groupArn(`/${name}/beta`), `/${name}/Alpha`] })).toEqual(["Alpha", "beta"]);
  expect(await find({ logGroupNamePrefix: "none" })).toEqual([]);
});

test("counts what a group keeps, as AWS does: 26 bytes for each line more", async ({ emulator, uniqueName: name }) => {
  const { emu, logs } = emulator;
  const { now } = await emu.clock.read();
  await createGroup(logs, name, "s");
  await putLines(logs, name, "s", [
    [now, "four"],
    [now, "ü"],
  ]);
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  expect(logGroups?.[0]?.storedBytes).toBe(26 + 4 + 26 + 2);
});

test("pages, fifty at most", async ({ emulator, uniqueName: name }) => {
  const { logs } = emulator;
  for (let index = 0; index < 55; index++) await createGroup(logs, `${name}-${String(index).padStart(2, "0")}`);
  const sizes: number[] = [];
  const pages = paginateDescribeLogGroups({ client: logs }, { logGroupNamePrefix: name });
  for await (const { logGroups = [] } of pages) sizes.push(logGroups.length);
  expect(sizes).toEqual([50, 5]);
  const failure = (limit: number) => failureOf(logs.send(new DescribeLogGroupsCommand({ limit })));
  expect(await failure(51)).toBe(
    validation(violation("51", "limit", "Member must have value less than or equal to 50")),
  );
  expect(await failure(0)).toBe(
    validation(violation("0", "limit", "Member must have value greater than or equal to 1")),
  );
});

test("refuses prefix and pattern together", async ({ emulator }) => {
  const both = { logGroupNamePrefix: "a", logGroupNamePattern: "b" };
  expect(await failureOf(emulator.logs.send(new DescribeLogGroupsCommand(both)))).toBe(
    "400 InvalidParameterException: LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
  );
});
