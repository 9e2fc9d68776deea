import {
  DeleteStreamCommand,
  DescribeStreamCommand,
  ListStreamsCommand,
  RegisterStreamConsumerCommand,
} from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import {
  arnOf,
  arnPattern,
  createStream,
  describeStream,
  iteratorOf,
  keysAt,
  put,
  shardNotFound,
  streamNotFound,
  tooLong,
  unlike,
} from "./streams.ts";

const latencyMs = 500;
const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

describe("DeleteStream", () => {
  test("deletes a stream after it was DELETING for a while", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    await emu.clock.advance(latencyMs);
    await put(kinesis, name, "a");
    const iterator = await iteratorOf(kinesis, name);
    await kinesis.send(new DeleteStreamCommand({ StreamName: name }));
    expect(await describeStream(kinesis, name)).toMatchObject({ StreamStatus: "DELETING", Shards: [] });
    expect(await keysAt(kinesis, iterator)).toEqual(["a"]);
    expect(await failureOf(kinesis.send(new DeleteStreamCommand({ StreamName: name })))).toBe(
      `400 ResourceInUseException: Stream ${name} under account 000000000000 not ACTIVE, instead in state DELETING`,
    );

    await emu.clock.advance(latencyMs);
    expect(await failureOf(describeStream(kinesis, name))).toBe(streamNotFound(name));
    expect(await failureOf(keysAt(kinesis, iterator))).toBe(shardNotFound(name));
    expect(await failureOf(put(kinesis, name, "b"))).toBe(streamNotFound(name));
    expect((await kinesis.send(new ListStreamsCommand({}))).StreamNames).not.toContain(name);
  });

  test("deletes a stream that is still CREATING", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    await kinesis.send(new DeleteStreamCommand({ StreamName: name, EnforceConsumerDeletion: true }));
    expect((await describeStream(kinesis, name)).StreamStatus).toBe("DELETING");
    await emu.clock.advance(latencyMs);
    expect(await failureOf(describeStream(kinesis, name))).toBe(streamNotFound(name));
  });

  test("takes the ARN, and frees the name for an empty stream", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    await emu.clock.advance(latencyMs);
    await put(kinesis, name, "a");
    await kinesis.send(new DeleteStreamCommand({ StreamARN: arnOf(name) }));
    await emu.clock.advance(latencyMs);
    await createStream(kinesis, name);
    await emu.clock.advance(latencyMs);
    expect(await keysAt(kinesis, await iteratorOf(kinesis, name))).toEqual([]);
  });

  test("deletes a stream with consumers when it is told to", async ({ emulator, uniqueName: StreamName }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, StreamName);
    await emu.clock.advance(latencyMs);
    const StreamARN = arnOf(StreamName);
    await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: "orders" }));
    const remove = (EnforceConsumerDeletion?: boolean) =>
      kinesis.send(new DeleteStreamCommand({ StreamName, EnforceConsumerDeletion }));
    const refusal =
      `400 ResourceInUseException: DeleteStream can't delete 000000000000:${StreamName} because there are consumers ` +
      `associated with this data stream. To delete ${StreamName} anyway, set the EnforceConsumerDeletion parameter to ` +
      "true to force the deletion of all the consumers that are associated with it.";
    expect(await failureOf(remove())).toBe(refusal);
    expect(await failureOf(remove(false))).toBe(refusal);
    await remove(true);
    await emu.clock.advance(latencyMs);
    expect(await failureOf(describeStream(kinesis, StreamName))).toBe(streamNotFound(StreamName));
  });

  test("answers with an empty body", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    await emu.clock.advance(latencyMs);
    const reply = await rawKinesis(emu.endpoint, "DeleteStream", { StreamName: name });
    expect([reply.status, reply.body]).toEqual([200, ""]);
    await emu.clock.advance(latencyMs);
  });

  test.for([
    [{ StreamName: "none" }, streamNotFound("none")],
    [{ StreamARN: arnOf("none") }, streamNotFound("none")],
    [{}, validation(mustNotBeNull("streamName"))],
    [{ StreamName: "a b" }, validation(unlike("a b", "streamName"))],
    [{ StreamName: "a".repeat(129) }, validation(tooLong("a".repeat(129), "streamName", 128))],
    [{ StreamARN: "none" }, validation(unlike("none", "streamARN", arnPattern))],
    [
      { StreamName: "none", EnforceConsumerDeletion: "23" },
      "400 SerializationException: '23' can not be converted to an Boolean",
    ],
    [
      { StreamName: "none", EnforceConsumerDeletion: 1 },
      "400 SerializationException: class com.amazon.coral.value.json.numbers.TruncatingBigNumber can not be converted to an Boolean",
    ],
    [{ StreamName: "none", EnforceConsumerDeletion: "yes" }, streamNotFound("none")],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "DeleteStream", input)).toBe(failure);
  });

  test("tells of a stream that was deleted on the timeline", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await createStream(kinesis, name);
    await kinesis.send(new DeleteStreamCommand({ StreamName: name }));
    await emu.clock.advance(latencyMs);
    expect(await failureOf(kinesis.send(new DescribeStreamCommand({ StreamName: name })))).toBe(streamNotFound(name));
    const region = "us-east-1";
    expect((await emu.timeline()).slice(-4)).toMatchObject([
      { type: "stream.created", stream: name, region, shards: 1 },
      { type: "stream.deleted", stream: name, region },
      { type: "clock.changed" },
      { type: "call.failed", service: "kinesis", operation: "DescribeStream", code: "ResourceNotFoundException" },
    ]);
  });
});
