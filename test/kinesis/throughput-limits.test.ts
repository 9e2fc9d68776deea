import {
  GetRecordsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SubscribeToShardCommand,
} from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { arnOf, createStream, iteratorOf, shardId } from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisThroughputLimits: true });

/** Nothing is tried again by the client. */
const impatient = ({ emu }: TestEmulator) => clientsOf(emu, { maxAttempts: 1 }).kinesis;
const exceeded = (name: string, index = 0) =>
  `Rate exceeded for shard ${shardId(index)} in stream ${name} under account 000000000000.`;
const refused = (name: string) => `400 ProvisionedThroughputExceededException: ${exceeded(name)}`;

describe("with throughput limits", () => {
  test("a shard takes 1000 records in a second; others of a call are refused one by one", async ({
    emulator,
    uniqueName: name,
  }) => {
    const kinesis = impatient(emulator);
    await createStream(kinesis, name, 2);
    // MD5 has "a" in the lower half, "e" in the upper one.
    const put = (count: number, PartitionKey = "a") =>
      kinesis.send(
        new PutRecordsCommand({
          StreamName: name,
          Records: Array.from({ length: count }, () => ({ PartitionKey, Data: Buffer.from("x") })),
        }),
      );
    expect((await put(500)).FailedRecordCount).toBe(0);
    expect((await put(499)).FailedRecordCount).toBe(0);
    const { FailedRecordCount, Records = [] } = await put(3);
    expect(FailedRecordCount).toBe(2);
    expect(Records).toEqual([
      { ShardId: shardId(0), SequenceNumber: expect.any(String) },
      { ErrorCode: "ProvisionedThroughputExceededException", ErrorMessage: exceeded(name) },
      { ErrorCode: "ProvisionedThroughputExceededException", ErrorMessage: exceeded(name) },
    ]);
    expect((await put(500, "e")).FailedRecordCount).toBe(0);
    await emulator.emu.clock.advance(999);
    expect((await put(3)).FailedRecordCount).toBe(3);
    await emulator.emu.clock.advance(1);
    expect((await put(500)).FailedRecordCount).toBe(0);
    expect((await put(500)).FailedRecordCount).toBe(0);
    expect((await put(1)).FailedRecordCount).toBe(1);
  });

  test("a shard takes 1 MiB in a second", async ({ emulator, uniqueName: name }) => {
    const kinesis = impatient(emulator);
    await createStream(kinesis, name);
    const put = () =>
      failureOf(
        kinesis.send(new PutRecordCommand({ StreamName: name, PartitionKey: "k", Data: Buffer.alloc(600_000) })),
      );
    expect([await put(), await put()]).toEqual(["no failure", refused(name)]);
    await emulator.emu.clock.advance(999);
    expect(await put()).toBe(refused(name));
    await emulator.emu.clock.advance(1);
    expect([await put(), await put()]).toEqual(["no failure", refused(name)]);
  });

  test("a shard pushes 2 MiB in a second to each consumer", async ({ emulator, uniqueName: name }) => {
    const { emu } = emulator;
    const kinesis = impatient(emulator);
    await createStream(kinesis, name);
    for (let second = 0; second < 5; second++) {
      await kinesis.send(new PutRecordCommand({ StreamName: name, PartitionKey: "k", Data: Buffer.alloc(1_000_000) }));
      await emu.clock.advance(1000);
    }
    const subscribe = async (ConsumerName: string) => {
      const { Consumer } = await kinesis.send(
        new RegisterStreamConsumerCommand({ StreamARN: arnOf(name), ConsumerName }),
      );
      const { EventStream } = await kinesis.send(
        new SubscribeToShardCommand({
          ConsumerARN: Consumer?.ConsumerARN,
          ShardId: "0",
          StartingPosition: { Type: "TRIM_HORIZON" },
        }),
      );
      const events = EventStream?.[Symbol.asyncIterator]();
      if (events === undefined) throw new Error("there is no stream of events");
      return async () => (await events.next()).value?.SubscribeToShardEvent?.Records?.length;
    };
    const next = await subscribe("one");
    expect(await next()).toBe(2);
    let came = false;
    const more = next().then((records) => ((came = true), records));
    await emu.clock.advance(999);
    const other = await subscribe("two");
    expect(await other()).toBe(2);
    expect(came).toBe(false);
    await emu.clock.advance(1);
    expect(await more).toBe(2);
    const last = next();
    await emu.clock.advance(1000);
    expect(await last).toBe(1);
  });

  test("a shard gives 2 MiB and five answers in a second", async ({ emulator, uniqueName: name }) => {
    const { emu } = emulator;
    const kinesis = impatient(emulator);
    await createStream(kinesis, name);
    const ShardIterator = await iteratorOf(kinesis, name);
    const get = (Limit = 1) => failureOf(kinesis.send(new GetRecordsCommand({ ShardIterator, Limit })));
    for (let call = 0; call < 5; call++) expect(await get()).toBe("no failure");
    expect(await get()).toBe(refused(name));
    for (let second = 0; second < 6; second++) {
      await emu.clock.advance(1000);
      await kinesis.send(new PutRecordCommand({ StreamName: name, PartitionKey: "k", Data: Buffer.alloc(1_000_000) }));
    }
    // Six megabytes are what it gives in 2.86 seconds.
    expect(await get(6)).toBe("no failure");
    expect(await get()).toBe(refused(name));
    await emu.clock.advance(2800);
    expect(await get()).toBe(refused(name));
    await emu.clock.advance(100);
    expect(await get()).toBe("no failure");
  });
});
