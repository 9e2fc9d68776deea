import { ListStreamConsumersCommand, RegisterStreamConsumerCommand } from "@aws-sdk/client-kinesis";
import type { ListStreamConsumersInput } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { activeStream, arnOf, invalidArgument, latencyMs, streamNotFound, unknownStreamArns } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("ListStreamConsumers", () => {
  test("lists the consumers by name, page by page", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const StreamARN = arnOf(name);
    const created = Math.floor((await emu.clock.read()).now / 1000) * 1000;
    await activeStream(emulator, name);
    const { body } = await rawKinesis(emu.endpoint, "ListStreamConsumers", { StreamARN });
    expect(JSON.parse(body)).toStrictEqual({ Consumers: [] });
    for (const ConsumerName of ["c", "a", "b"])
      await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
    const list = (input: Partial<ListStreamConsumersInput>) =>
      kinesis.send(new ListStreamConsumersCommand({ StreamARN, ...input }));
    const first = await list({ MaxResults: 2 });
    expect(first.Consumers?.map(({ ConsumerName }) => ConsumerName)).toEqual(["a", "b"]);
    expect(first.Consumers?.[0]).not.toHaveProperty("StreamARN");
    const second = await list({ NextToken: first.NextToken });
    expect(second.Consumers?.map(({ ConsumerName }) => ConsumerName)).toEqual(["c"]);
    expect(second).not.toHaveProperty("NextToken");
    expect((await list({ StreamCreationTimestamp: new Date(created) })).Consumers).toHaveLength(3);
    expect(await failureOf(list({ StreamCreationTimestamp: new Date(0) }))).toBe(streamNotFound(name));
    expect(await failureOf(list({ NextToken: first.NextToken, StreamCreationTimestamp: new Date(created) }))).toBe(
      invalidArgument("NextToken and StreamCreationTimestamp cannot be provided together."),
    );
    expect(await failureOf(list({ NextToken: "made up" }))).toBe(invalidArgument("Invalid NextToken."));
    await activeStream(emulator, `${name}-next`);
    expect(await failureOf(list({ NextToken: first.NextToken, StreamARN: arnOf(`${name}-next`) }))).toBe(
      invalidArgument("Invalid NextToken."),
    );
    await emu.clock.advance(300_001);
    expect(await failureOf(list({ NextToken: first.NextToken }))).toContain("400 ExpiredNextTokenException");
  });

  test.for([
    ...unknownStreamArns({}),
    [
      { StreamARN: arnOf("none"), MaxResults: 0 },
      validation(violation("0", "maxResults", "Member must have value greater than or equal to 1")),
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "ListStreamConsumers", input)).toBe(failure);
  });
});
