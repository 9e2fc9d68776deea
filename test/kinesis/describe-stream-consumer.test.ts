import { DescribeStreamConsumerCommand, RegisterStreamConsumerCommand } from "@aws-sdk/client-kinesis";
import type { DescribeStreamConsumerInput } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf } from "../emulator/raw-http.ts";
import {
  activeStream,
  arnOf,
  consumerArnPattern,
  consumerNotFound,
  invalidArgument,
  latencyMs,
  streamNotFound,
  unlike,
} from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("DescribeStreamConsumer", () => {
  test("finds a consumer by its ARN, and by its name", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    const StreamARN = arnOf(name);
    const ConsumerName = "orders";
    const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName }));
    const ConsumerARN = Consumer?.ConsumerARN ?? "";
    const description = async (input: DescribeStreamConsumerInput) =>
      (await kinesis.send(new DescribeStreamConsumerCommand(input))).ConsumerDescription;
    expect(await description({ ConsumerARN })).toStrictEqual({ ...Consumer, StreamARN });
    await emu.clock.advance(latencyMs);
    const active = { ...Consumer, ConsumerStatus: "ACTIVE", StreamARN };
    expect(await description({ StreamARN, ConsumerName })).toStrictEqual(active);
    expect(await description({ StreamARN, ConsumerName, ConsumerARN })).toStrictEqual(active);

    expect(await failureOf(description({ StreamARN, ConsumerName: "none" }))).toBe(consumerNotFound("none"));
    const earlier = `${StreamARN}/consumer/orders:1500000000`;
    expect(await failureOf(description({ ConsumerARN: earlier }))).toBe(consumerNotFound(earlier));
    expect(await failureOf(description({ ConsumerARN, ConsumerName: "other" }))).toBe(
      invalidArgument(`ConsumerARN ${ConsumerARN} does not match the given StreamARN and ConsumerName.`),
    );
  });

  test.for([
    [{}, validation(mustNotBeNull("streamARN"))],
    [{ StreamARN: arnOf("none"), ConsumerName: "orders" }, streamNotFound("none")],
    [{ ConsumerARN: `${arnOf("none")}/consumer/orders:1500000000` }, streamNotFound("none")],
    [{ ConsumerARN: arnOf("none") }, validation(unlike(arnOf("none"), "consumerARN", consumerArnPattern))],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "DescribeStreamConsumer", input)).toBe(failure);
  });
});
