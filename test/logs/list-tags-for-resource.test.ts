import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { createGroup, groupArn, noGroup } from "./log-lines.ts";

const test = emulatorTest();

test("those with which a group was made go with it", async ({ emulator: { logs }, uniqueName: logGroupName }) => {
  const list = (resourceArn = groupArn(logGroupName)) => logs.send(new ListTagsForResourceCommand({ resourceArn }));
  expect(await failureOf(list())).toBe(noGroup);
  await logs.send(new CreateLogGroupCommand({ logGroupName, tags: { team: "a" } }));
  expect((await list()).tags).toEqual({ team: "a" });
  await logs.send(new DeleteLogGroupCommand({ logGroupName }));
  await createGroup(logs, logGroupName);
  expect((await list()).tags).toEqual({});
  expect(await failureOf(list("arn:aws:logs:us-east-1:000000000000:destination:d"))).toBe(noGroup);
});
