import { AddTagsToStreamCommand, ListTagsForStreamCommand } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { activeStream, arnOf, invalidArgument, latencyMs, unknownStreams } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("RemoveTagsFromStream", () => {
  test("removes tags, and passes over those that are not there", async ({ emulator, uniqueName: StreamName }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, StreamName);
    await kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags: { a: "1", b: "2", c: "3" } }));
    const input = { StreamARN: arnOf(StreamName), TagKeys: ["a", "c", "d"] };
    const reply = await rawKinesis(emu.endpoint, "RemoveTagsFromStream", input);
    expect([reply.status, reply.body]).toEqual([200, ""]);
    expect(await kinesis.send(new ListTagsForStreamCommand({ StreamName }))).toMatchObject({
      Tags: [{ Key: "b", Value: "2" }],
    });
  });

  test("refuses characters that no tag has", async ({ emulator, uniqueName: name }) => {
    await activeStream(emulator, name);
    const failure = (key: string) =>
      rawFailureOf(emulator.emu.endpoint, "RemoveTagsFromStream", { StreamName: name, TagKeys: ["a", key] });
    expect(await failure("abc;def")).toBe(
      invalidArgument(
        "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.",
      ),
    );
    expect(await failure("abc%def")).toBe(
      invalidArgument(
        `Failed to remove tags from stream ${name} under account 000000000000 because some tags contained illegal ` +
          "characters. The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
      ),
    );
  });

  test.for([
    ...unknownStreams({ TagKeys: ["a"] }),
    [{ StreamName: "none" }, validation(mustNotBeNull("tagKeys"))],
    [
      { StreamName: "none", TagKeys: [] },
      validation(
        "Value '[]' at 'tagKeys' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ),
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "RemoveTagsFromStream", input)).toBe(failure);
  });
});
