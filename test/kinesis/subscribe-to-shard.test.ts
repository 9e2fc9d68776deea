import { NodeHttpHandler } from "@smithy/node-http-handler";
import { AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import {
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  KinesisClient,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
} from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import {
  arnOf,
  createStream,
  dryRun,
  invalidArgument,
  latencyMs,
  put,
  shardId,
  shardNotFound,
  shardUnreadable,
} from "./streams.ts";
import { consumerOf, register, subscribe } from "./subscriber.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });
const fiveMinutes = 300_000;

describe("SubscribeToShard", () => {
  test("pushes what is there, and then what is put", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const arn = await consumerOf(emulator, name);
    const first = await put(kinesis, name, "a");
    const subscriber = await subscribe(kinesis, arn);
    expect(await subscriber.next()).toEqual({
      Records: [
        {
          SequenceNumber: first,
          PartitionKey: "a",
          Data: new Uint8Array(Buffer.from("a")),
          ApproximateArrivalTimestamp: new Date((await emu.clock.read()).now),
        },
      ],
      ContinuationSequenceNumber: first,
      MillisBehindLatest: 0,
    });
    const records = ["b", "c"].map((PartitionKey) => ({ PartitionKey, Data: Buffer.from(PartitionKey) }));
    await kinesis.send(new PutRecordsCommand({ StreamName: name, Records: records }));
    expect(await subscriber.keys()).toEqual(["b", "c"]);
    await put(kinesis, name, "d");
    expect(await subscriber.keys()).toEqual(["d"]);
    await subscriber.close();
  });

  test.for([
    [{ Type: "LATEST" }, ["new"]],
    [{ Type: "TRIM_HORIZON" }, ["a", "b", "new"]],
    [{ Type: "AT_TIMESTAMP", Timestamp: "second" }, ["b", "new"]],
    [{ Type: "AT_SEQUENCE_NUMBER", SequenceNumber: "second" }, ["b", "new"]],
    [{ Type: "AFTER_SEQUENCE_NUMBER", SequenceNumber: "second" }, ["new"]],
  ] as const)("begins at %j", async ([position, keys], { emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const arn = await consumerOf(emulator, name);
    await put(kinesis, name, "a");
    await emu.clock.advance(1000);
    const Timestamp = new Date((await emu.clock.read()).now);
    const SequenceNumber = await put(kinesis, name, "b");
    await emu.clock.advance(1000);
    const subscriber = await subscribe(kinesis, arn, {
      Type: position.Type,
      ...("Timestamp" in position && { Timestamp }),
      ...("SequenceNumber" in position && { SequenceNumber }),
    });
    await put(kinesis, name, "new");
    const got: (string | undefined)[] = [];
    while (got.length < keys.length) got.push(...((await subscriber.keys()) ?? ["the end"]));
    expect(got).toEqual(keys);
    await subscriber.close();
  });

  test("sends an event without records every five seconds, with which it can go on", async ({
    emulator,
    uniqueName: name,
  }) => {
    const { emu, kinesis } = emulator;
    const arn = await consumerOf(emulator, name);
    const subscriber = await subscribe(kinesis, arn, { Type: "LATEST" });
    await emu.clock.advance(5000);
    const quiet = await subscriber.next();
    expect(quiet).toEqual({
      Records: [],
      ContinuationSequenceNumber: expect.stringMatching(/^\d{56}$/),
      MillisBehindLatest: 0,
    });
    await emu.clock.advance(5000);
    expect(await subscriber.keys()).toEqual([]);
    await put(kinesis, name, "a");
    expect(await subscriber.keys()).toEqual(["a"]);
    await subscriber.close();
    const { ContinuationSequenceNumber: SequenceNumber } = quiet ?? {};
    const again = await subscribe(kinesis, arn, { Type: "AFTER_SEQUENCE_NUMBER", SequenceNumber });
    expect(await again.keys()).toEqual(["a"]);
    await again.close();
  });

  test("ends after five minutes", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const arn = await consumerOf(emulator, name);
    const subscriber = await subscribe(kinesis, arn);
    await emu.clock.advance(fiveMinutes);
    const events: (readonly unknown[])[] = [];
    for (let keys = await subscriber.keys(); keys !== undefined; keys = await subscriber.keys()) events.push(keys);
    expect(events.flat()).toEqual([]);
    expect(events.length).toBeGreaterThan(0);
    expect((await emu.timeline()).filter(({ type }) => type.startsWith("stream.subscri"))).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: "stream.subscribed", stream: name, shardId: shardId(0), consumer: "app" }),
        expect.objectContaining({ type: "stream.subscriptionEnded", stream: name, consumer: "app" }),
      ]),
    );
  });

  test("ends with the children of a shard that was split", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const arn = await consumerOf(emulator, name);
    const subscriber = await subscribe(kinesis, arn);
    const split = { StreamName: name, ShardToSplit: shardId(0), NewStartingHashKey: (2n ** 127n).toString() };
    await kinesis.send(new SplitShardCommand(split));
    await put(kinesis, name, "a");
    expect(await subscriber.keys()).toEqual(["a"]);
    await emu.clock.advance(latencyMs);
    const last = await subscriber.next();
    expect(last).toMatchObject({
      Records: [],
      ChildShards: [1, 2].map((index) => ({ ShardId: shardId(index), ParentShards: [shardId(0)] })),
    });
    expect(last?.ContinuationSequenceNumber).toBeUndefined();
    expect(await subscriber.next()).toBeUndefined();
    // Whoever comes later gets the records with them.
    const later = await subscribe(kinesis, await register(emulator, name, "late"));
    expect(await later.next()).toMatchObject({ Records: [{ PartitionKey: "a" }], ChildShards: [{}, {}] });
    expect(await later.next()).toBeUndefined();
  });

  test("is one at a time: another takes it over after five seconds", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const arn = await consumerOf(emulator, name, 2);
    const first = await subscribe(kinesis, arn);
    const message = `Another active subscription exists for this consumer: 000000000000:${name}:${shardId(0)}:app`;
    await emu.clock.advance(4999);
    expect(await failureOf(subscribe(kinesis, arn))).toBe(`400 ResourceInUseException: ${message}`);
    const other = await subscribe(kinesis, arn, undefined, 1);
    const others = await subscribe(kinesis, await register(emulator, name, "second"));
    await emu.clock.advance(1);
    const second = await subscribe(kinesis, arn);
    await expect(
      (async () => {
        while ((await first.next()) !== undefined);
      })(),
    ).rejects.toMatchObject({ name: "ResourceInUseException", message });
    await put(kinesis, name, "a");
    expect(await second.keys()).toEqual(["a"]);
    for (const subscriber of [second, other, others]) await subscriber.close();
  });

  test("gives a large backlog in several events, as fast as the client reads", async ({
    emulator,
    uniqueName: name,
  }) => {
    const { kinesis } = emulator;
    const arn = await consumerOf(emulator, name);
    const records = Array.from({ length: 10 }, (_, index) => ({
      PartitionKey: String(index),
      Data: Buffer.alloc(900_000, index),
    }));
    await kinesis.send(new PutRecordsCommand({ StreamName: name, Records: records }));
    const subscriber = await subscribe(kinesis, arn);
    const sizes: number[] = [];
    const behind: (number | undefined)[] = [];
    for (let seen = 0; seen < records.length;) {
      const event = await subscriber.next();
      seen += event?.Records?.length ?? Infinity;
      sizes.push(event?.Records?.length ?? 0);
      behind.push(event?.MillisBehindLatest);
    }
    expect(sizes).toEqual([2, 2, 2, 2, 2]);
    expect(behind.at(-1)).toBe(0);
    await subscriber.close();
  });

  test("ends when stream or consumer are deleted", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const arn = await consumerOf(emulator, name);
    const first = await subscribe(kinesis, arn);
    await kinesis.send(new DeregisterStreamConsumerCommand({ ConsumerARN: arn }));
    await emu.clock.advance(latencyMs);
    await expect(first.next()).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: `Consumer ${arn}, account 000000000000 not found.`,
    });
    const second = await subscribe(kinesis, await register(emulator, name, "app2"));
    await kinesis.send(new DeleteStreamCommand({ StreamName: name, EnforceConsumerDeletion: true }));
    await emu.clock.advance(latencyMs);
    await expect(second.next()).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: `Stream ${name} under account 000000000000 not found.`,
    });
  });

  test("refuses what is not there, not ready or makes no sense", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const arn = await consumerOf(emulator, name);
    const answer = (change: object) =>
      rawFailureOf(emu.endpoint, "SubscribeToShard", {
        ConsumerARN: arn,
        ShardId: shardId(0),
        StartingPosition: { Type: "LATEST" },
        ...change,
      });
    expect(await answer({ ShardId: shardId(7) })).toBe(shardNotFound(name, shardId(7)));
    expect(await answer({ ShardId: "x" })).toBe(shardUnreadable(name, "x"));
    const gone = `${arnOf(name)}/consumer/gone:1`;
    expect(await answer({ ConsumerARN: gone })).toContain("400 ResourceNotFoundException");
    expect(await answer({ StartingPosition: undefined })).toBe(validation(mustNotBeNull("startingPosition")));
    expect(await answer({ StartingPosition: { Type: "AT_SEQUENCE_NUMBER" } })).toBe(
      invalidArgument(
        "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) " +
          "TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified AT_SEQUENCE_NUMBER and no " +
          "StartingSequenceNumber.",
      ),
    );
    expect(await answer({ DryRun: true })).toBe(dryRun);
    const { Consumer } = await kinesis.send(
      new RegisterStreamConsumerCommand({ StreamARN: arnOf(name), ConsumerName: "new" }),
    );
    const seconds = (Consumer?.ConsumerCreationTimestamp?.getTime() ?? 0) / 1000;
    expect(await answer({ ConsumerARN: Consumer?.ConsumerARN })).toBe(
      `400 ResourceInUseException: Consumer new with creation timestamp ${seconds} under stream: ${name} , ` +
        "account 000000000000 is not in ACTIVE status.",
    );
  });

  test("cannot be called by the control API", async ({ emulator, uniqueName: name }) => {
    const arn = await consumerOf(emulator, name);
    const input = { ConsumerARN: arn, ShardId: "0", StartingPosition: { Type: "LATEST" } };
    await expect(emulator.emu.control.call("kinesis", "SubscribeToShard", input)).rejects.toThrow(
      "SubscribeToShard answers with a stream of events: call it through an SDK",
    );
  });
});

describe("on the wire", () => {
  test.for(["HTTP/1.1", "RPC v2 CBOR"])(
    "it is an event stream over %s",
    async (how, { emulator, uniqueName: name }) => {
      const { emu } = emulator;
      const arn = await consumerOf(emulator, name);
      const client = new KinesisClient({
        ...emu.getClientConfig(),
        ...(how === "HTTP/1.1" ? { requestHandler: new NodeHttpHandler() } : { protocol: AwsSmithyRpcV2CborProtocol }),
      });
      const subscriber = await subscribe(client, arn);
      const sequence = await put(client, name, "a");
      expect(await subscriber.next()).toMatchObject({
        Records: [{ SequenceNumber: sequence, Data: new Uint8Array(Buffer.from("a")) }],
        ContinuationSequenceNumber: sequence,
      });
      await subscriber.close();
      client.destroy();
    },
  );

  test("begins with the initial response", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    const ConsumerARN = await consumerOf(emulator, name);
    const split = { StreamName: name, ShardToSplit: shardId(0), NewStartingHashKey: (2n ** 127n).toString() };
    await kinesis.send(new SplitShardCommand(split));
    await emu.clock.advance(latencyMs);
    const input = { ConsumerARN, ShardId: "0", StartingPosition: { Type: "TRIM_HORIZON" } };
    const { bytes, ...reply } = await rawKinesis(emu.endpoint, "SubscribeToShard", input);
    expect(reply).toMatchObject({ status: 200, headers: { "content-type": "application/vnd.amazon.eventstream" } });
    const first = bytes.subarray(0, bytes.readUInt32BE(0)).toString("latin1");
    expect(first).toContain(":event-type\u0007\u0000\u0010initial-response");
    expect(first).toContain(":content-type\u0007\u0000\u001aapplication/x-amz-json-1.1");
    expect(first.slice(0, -4)).toMatch(/\{\}$/);
  });
});

test("open subscriptions end with the emulator, at once", async () => {
  const emulator = await startTestEmulator();
  await createStream(emulator.kinesis, "orders");
  const { Consumer } = await emulator.kinesis.send(
    new RegisterStreamConsumerCommand({ StreamARN: arnOf("orders"), ConsumerName: "app" }),
  );
  const subscriber = await subscribe(emulator.kinesis, Consumer?.ConsumerARN ?? "");
  const ended = subscriber.next().then(
    () => "ended",
    () => "ended",
  );
  await emulator[Symbol.asyncDispose]();
  expect(await ended).toBe("ended");
});
