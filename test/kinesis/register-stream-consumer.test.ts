import {
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  RegisterStreamConsumerCommand,
} from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf } from "../emulator/raw-http.ts";
import { activeStream, arnOf, createStream, latencyMs, notActive, unlike, unknownStreamArns } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

const register = (kinesis: KinesisClient, name: string, ConsumerName: string) =>
  kinesis.send(new RegisterStreamConsumerCommand({ StreamARN: arnOf(name), ConsumerName }));

describe("RegisterStreamConsumer", () => {
  test("registers a consumer that is CREATING for a while", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    const seconds = Math.floor((await emu.clock.read()).now / 1000);
    const { Consumer } = await register(kinesis, name, "orders");
    const ConsumerARN = `${arnOf(name)}/consumer/orders:${seconds}`;
    expect(Consumer).toStrictEqual({
      ConsumerName: "orders",
      ConsumerARN,
      ConsumerStatus: "CREATING",
      ConsumerCreationTimestamp: new Date(seconds * 1000),
    });
    await emu.clock.advance(latencyMs);
    expect((await kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN }))).ConsumerDescription).toMatchObject({
      ConsumerStatus: "ACTIVE",
    });
    expect(await kinesis.send(new DescribeStreamSummaryCommand({ StreamName: name }))).toMatchObject({
      StreamDescriptionSummary: { ConsumerCount: 1 },
    });
    expect(await failureOf(register(kinesis, name, "orders"))).toBe(
      `400 ResourceInUseException: Consumer orders under stream ${name} and account 000000000000 already exists.`,
    );
  });

  test("has no more than five CREATING and twenty in all", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    // Not through the SDK, which would try again.
    const failure = () =>
      rawFailureOf(emu.endpoint, "RegisterStreamConsumer", { StreamARN: arnOf(name), ConsumerName: "more" });
    const more = async (first: number): Promise<void> => {
      for (let number = first; number < first + 5; number++) await register(kinesis, name, `consumer-${number}`);
    };
    await more(0);
    expect(await failure()).toBe(
      "400 LimitExceededException: This request would exceed the limit on the number of consumers that can " +
        `simultaneously be in CREATING for stream ${name} under account 000000000000. Limit: 5.`,
    );
    for (const first of [5, 10, 15]) {
      await emu.clock.advance(latencyMs);
      await more(first);
    }
    await emu.clock.advance(latencyMs);
    expect(await failure()).toBe(
      "400 LimitExceededException: This request would exceed the limit on the number of consumers of stream " +
        `${name} under account 000000000000. Limit: 20.`,
    );
  });

  test("waits for the stream to be ACTIVE", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await createStream(kinesis, name);
    expect(await failureOf(register(kinesis, name, "orders"))).toBe(notActive(name, "CREATING"));
  });

  test.for([
    ...unknownStreamArns({ ConsumerName: "orders" }),
    [{ StreamARN: arnOf("none") }, validation(mustNotBeNull("consumerName"))],
    [{ StreamARN: arnOf("none"), ConsumerName: "a b" }, validation(unlike("a b", "consumerName"))],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "RegisterStreamConsumer", input)).toBe(failure);
  });
});
