import { CreateStreamCommand, ListTagsForResourceCommand } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { arnOf, latencyMs, unknownResources } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("UntagResource", () => {
  test("removes tags, and passes over those that are not there", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1, Tags: { a: "1", b: "2" } }));
    const ResourceARN = arnOf(name);
    const reply = await rawKinesis(emu.endpoint, "UntagResource", { ResourceARN, TagKeys: ["a", "c"] });
    expect([reply.status, reply.body]).toEqual([200, ""]);
    expect((await kinesis.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([
      { Key: "b", Value: "2" },
    ]);
  });

  test.for([
    ...unknownResources({ TagKeys: ["a"] }),
    [{ ResourceARN: arnOf("none") }, validation(mustNotBeNull("tagKeys"))],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "UntagResource", input)).toBe(failure);
  });
});
