import {
  CreateLogGroupCommand,
  ListTagsForResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { groupArn, noGroup } from "./log-lines.ts";

const test = emulatorTest();

test("takes tags away; what is not there is no error", async ({ emulator: { logs }, uniqueName: logGroupName }) => {
  const resourceArn = groupArn(logGroupName);
  const untag = (...tagKeys: string[]) => logs.send(new UntagResourceCommand({ resourceArn, tagKeys }));
  expect(await failureOf(untag("a"))).toBe(noGroup);
  await logs.send(new CreateLogGroupCommand({ logGroupName, tags: { a: "1", b: "2" } }));
  await untag("a", "z");
  expect((await logs.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ b: "2" });
});
