import { AddTagsToStreamCommand, CreateStreamCommand, ListTagsForStreamCommand } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { arnOf, latencyMs, tooLong, unknownStreams } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("ListTagsForStream", () => {
  test("lists the tags by key, page by page", async ({ emulator, uniqueName: StreamName }) => {
    const { emu, kinesis } = emulator;
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1, Tags: { c: "3" } }));
    await emu.clock.advance(latencyMs);
    await kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: { b: "2", a: "1" } }));
    const list = async (input: object) => {
      const { Tags = [], HasMoreTags } = await kinesis.send(new ListTagsForStreamCommand({ StreamName, ...input }));
      return [Tags.map(({ Key, Value }) => `${Key}=${Value}`).join(" "), HasMoreTags];
    };
    expect(await list({})).toEqual(["a=1 b=2 c=3", false]);
    expect(await list({ Limit: 2 })).toEqual(["a=1 b=2", true]);
    expect(await list({ Limit: 1, ExclusiveStartTagKey: "b" })).toEqual(["c=3", false]);
    expect(await list({ ExclusiveStartTagKey: "aa" })).toEqual(["b=2 c=3", false]);
  });

  test("has no tags of a stream that has none", async ({ emulator, uniqueName: name }) => {
    await rawKinesis(emulator.emu.endpoint, "CreateStream", { StreamName: name, ShardCount: 1 });
    const { body } = await rawKinesis(emulator.emu.endpoint, "ListTagsForStream", { StreamARN: arnOf(name) });
    expect(JSON.parse(body)).toStrictEqual({ Tags: [], HasMoreTags: false });
  });

  test.for([
    ...unknownStreams({}),
    [
      { StreamName: "none", Limit: 0, ExclusiveStartTagKey: "a".repeat(129) },
      validation(
        tooLong("a".repeat(129), "exclusiveStartTagKey", 128),
        violation("0", "limit", "Member must have value greater than or equal to 1"),
      ),
    ],
    [
      { StreamName: "none", Limit: 51 },
      validation(violation("51", "limit", "Member must have value less than or equal to 50")),
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "ListTagsForStream", input)).toBe(failure);
  });
});
