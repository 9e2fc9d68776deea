import {
  ListTagsForResourceCommand,
  ListTagsForStreamCommand,
  RegisterStreamConsumerCommand,
  TagResourceCommand,
} from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { activeStream, arnOf, consumerNotFound, invalidArgument, latencyMs, unknownResources } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("TagResource", () => {
  test("tags a stream", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    const input = { ResourceARN: arnOf(name), Tags: { a: "1:2" } };
    const reply = await rawKinesis(emu.endpoint, "TagResource", input);
    expect([reply.status, reply.body]).toEqual([200, ""]);
    expect(await kinesis.send(new ListTagsForStreamCommand({ StreamName: name }))).toMatchObject({
      Tags: [{ Key: "a", Value: "1:2" }],
    });
    const invalid = kinesis.send(new TagResourceCommand({ ...input, Tags: { a: ";" } }));
    expect(await failureOf(invalid)).toBe(
      invalidArgument(
        "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.",
      ),
    );
  });

  test("tags a consumer, and not one that is gone", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await activeStream(emulator, name);
    const registration = { StreamARN: arnOf(name), ConsumerName: "orders", Tags: { a: "1" } };
    const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand(registration));
    const ResourceARN = Consumer?.ConsumerARN ?? "";
    await kinesis.send(new TagResourceCommand({ ResourceARN, Tags: { b: "2" } }));
    expect((await kinesis.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ]);
    expect((await kinesis.send(new ListTagsForStreamCommand({ StreamName: name }))).Tags).toEqual([]);
    const earlier = `${arnOf(name)}/consumer/orders:1500000000`;
    expect(await failureOf(kinesis.send(new TagResourceCommand({ ResourceARN: earlier, Tags: { b: "2" } })))).toBe(
      consumerNotFound(earlier),
    );
  });

  test.for([
    ...unknownResources({ Tags: { a: "1" } }),
    [{ ResourceARN: arnOf("none") }, validation(mustNotBeNull("tags"))],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "TagResource", input)).toBe(failure);
  });
});
