import { AddTagsToStreamCommand, ListTagsForStreamCommand } from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { activeStream, arnOf, invalidArgument, latencyMs, unknownStreams } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

const add = (kinesis: KinesisClient, StreamName: string, Tags: Record<string, string>) =>
  kinesis.send(new AddTagsToStreamCommand({ StreamName, Tags }));
const tagsOf = async (kinesis: KinesisClient, StreamName: string) =>
  (await kinesis.send(new ListTagsForStreamCommand({ StreamName }))).Tags;
const numbered = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, ""]));

describe("AddTagsToStream", () => {
  test("adds tags and changes those that are there", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    const Tags = { b: "1", "ü0 _.": "/=+-@" };
    const reply = await rawKinesis(emu.endpoint, "AddTagsToStream", { StreamARN: arnOf(name), Tags });
    expect([reply.status, reply.body]).toEqual([200, ""]);
    await add(kinesis, name, { a: "", b: "2" });
    expect(await tagsOf(kinesis, name)).toEqual([
      { Key: "a", Value: "" },
      { Key: "b", Value: "2" },
      { Key: "ü0 _.", Value: "/=+-@" },
    ]);
  });

  test("refuses more than fifty and changes nothing", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await activeStream(emulator, name);
    await add(kinesis, name, numbered(50));
    await add(kinesis, name, { "key-0": "again" });
    expect(await failureOf(add(kinesis, name, { "key-1": "new", one: "more" }))).toBe(
      invalidArgument(
        `Failed to add tags to stream ${name} under account 000000000000 because a given stream cannot have more than ` +
          "10 tags associated with it.",
      ),
    );
    const tags = await tagsOf(kinesis, name);
    expect(tags).toHaveLength(50);
    expect(tags).toContainEqual({ Key: "key-1", Value: "" });
  });

  test.for([
    [{ "abc;def": "1" }, "invalid"],
    [{ a: "abc;def" }, "invalid"],
    [{ "abc%def": "1" }, "illegal"],
    [{ a: "abc%def" }, "illegal"],
  ] as const)("refuses %j for its characters", async ([Tags, kind], { emulator, uniqueName: name }) => {
    await activeStream(emulator, name);
    expect(await failureOf(add(emulator.kinesis, name, { ...Tags }))).toBe(
      invalidArgument(
        kind === "invalid"
          ? "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @."
          : `Failed to add tags to stream ${name} under account 000000000000 because some tags contained illegal ` +
              "characters. The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
      ),
    );
  });

  test.for([
    ...unknownStreams({ Tags: { a: "1" } }),
    [{ StreamName: "none" }, validation(mustNotBeNull("tags"))],
    [
      { StreamName: "none", Tags: {} },
      validation(
        "Value '{}' at 'tags' failed to satisfy constraint: Member must have length greater than or equal to 1",
      ),
    ],
    [{ StreamName: "none", Tags: "a" }, "400 SerializationException: Expected map or null"],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "AddTagsToStream", input)).toBe(failure);
  });
});
