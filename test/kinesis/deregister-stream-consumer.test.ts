import {
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  RegisterStreamConsumerCommand,
} from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import { activeStream, arnOf, consumerNotFound, latencyMs, streamNotFound } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("DeregisterStreamConsumer", () => {
  test("lets a consumer go that is DELETING for a while", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    const StreamARN = arnOf(name);
    const registration = { StreamARN, ConsumerName: "orders" };
    const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand(registration));
    await emu.clock.advance(latencyMs);
    const reply = await rawKinesis(emu.endpoint, "DeregisterStreamConsumer", registration);
    expect([reply.status, reply.body]).toEqual([200, ""]);
    const ConsumerARN = Consumer?.ConsumerARN ?? "";
    const describeConsumer = () => kinesis.send(new DescribeStreamConsumerCommand({ ConsumerARN }));
    expect((await describeConsumer()).ConsumerDescription?.ConsumerStatus).toBe("DELETING");
    const deregister = () => kinesis.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
    expect(await failureOf(deregister())).toContain("400 ResourceInUseException: Consumer orders with creation");
    await emu.clock.advance(latencyMs);
    expect(await failureOf(describeConsumer())).toBe(consumerNotFound(ConsumerARN));
    expect(await failureOf(deregister())).toBe(consumerNotFound(ConsumerARN));

    await emu.clock.advance(1000);
    const again = await kinesis.send(new RegisterStreamConsumerCommand(registration));
    expect(again.Consumer?.ConsumerARN).not.toBe(ConsumerARN);
    await kinesis.send(new DeregisterStreamConsumerCommand({ ConsumerARN: again.Consumer?.ConsumerARN }));
  });

  test.for([
    [{}, validation(mustNotBeNull("streamARN"))],
    [{ StreamARN: arnOf("none") }, streamNotFound("none")],
    [{ StreamARN: arnOf("none"), ConsumerName: "orders" }, streamNotFound("none")],
    [{ ConsumerARN: `${arnOf("none")}/consumer/orders:1500000000` }, streamNotFound("none")],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "DeregisterStreamConsumer", input)).toBe(failure);
  });
});
