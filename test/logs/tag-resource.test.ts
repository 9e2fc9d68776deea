import { ListTagsForResourceCommand, TagResourceCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { createGroup, groupArn, noGroup } from "./log-lines.ts";

const test = emulatorTest();

test("adds tags and replaces values", async ({ emulator: { logs }, uniqueName: name }) => {
  await createGroup(logs, name);
  const resourceArn = groupArn(name);
  const tag = (tags: Record<string, string>) => logs.send(new TagResourceCommand({ resourceArn, tags }));
  await tag({ a: "1", b: "2" });
  await tag({ b: "3", c: "" });
  const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn }));
  expect(tags).toEqual({ a: "1", b: "3", c: "" });
});

test("there are 50 at most, of a group that there is", async ({ emulator: { logs }, uniqueName: name }) => {
  const resourceArn = groupArn(name);
  const tag = (tags: Record<string, string>) => failureOf(logs.send(new TagResourceCommand({ resourceArn, tags })));
  expect(await tag({ a: "1" })).toBe(noGroup);
  await createGroup(logs, name);
  expect(await tag(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`tag${n}`, ""])))).toBe("no failure");
  expect(await tag({ one: "more" })).toMatch(/^400 TooManyTagsException: /);
});
