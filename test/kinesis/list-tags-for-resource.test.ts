import { CreateStreamCommand } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { arnOf, latencyMs, unknownResources } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("ListTagsForResource", () => {
  test("lists the tags by key", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1, Tags: { b: "2", a: "1" } }));
    const { body } = await rawKinesis(emu.endpoint, "ListTagsForResource", { ResourceARN: arnOf(name) });
    expect(JSON.parse(body)).toStrictEqual({
      Tags: [
        { Key: "a", Value: "1" },
        { Key: "b", Value: "2" },
      ],
    });
  });

  test.for([...unknownResources({})] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "ListTagsForResource", input)).toBe(failure);
  });
});
