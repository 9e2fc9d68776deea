import {
  GetRecordsCommand,
  SplitShardCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
} from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import {
  activeStream,
  describeStream,
  iteratorOf,
  latencyMs,
  notActive,
  put,
  shardId,
  tooShort,
  unknownStreams,
  updated,
} from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

const key = { EncryptionType: "KMS", KeyId: "alias/aws/kinesis" } as const;

describe("StopStreamEncryption", () => {
  test("leaves the records that were encrypted as they are", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    await kinesis.send(new StartStreamEncryptionCommand({ StreamName: name, ...key }));
    await emu.clock.advance(latencyMs);
    await kinesis.send(new SplitShardCommand({ StreamName: name, ShardToSplit: shardId(0), NewStartingHashKey: "2" }));
    await emu.clock.advance(latencyMs + 1000);
    await put(kinesis, name, "a");
    const stop = () => kinesis.send(new StopStreamEncryptionCommand({ StreamName: name, ...key }));
    await stop();
    expect(await failureOf(stop())).toBe(notActive(name));
    await put(kinesis, name, "b");
    await updated(emulator, name);
    await put(kinesis, name, "c");
    const description = await describeStream(kinesis, name);
    expect(description).toMatchObject({ EncryptionType: "NONE" });
    expect(description).not.toHaveProperty("KeyId");
    // A shard that began while the stream was encrypted has encrypted records.
    const ShardIterator = await iteratorOf(kinesis, name, { ShardId: shardId(2) });
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records.map(({ EncryptionType }) => EncryptionType)).toEqual(["KMS", "KMS", undefined]);
  });

  test("does no harm to a stream that is not encrypted", async ({ emulator, uniqueName: name }) => {
    await activeStream(emulator, name);
    const reply = await rawKinesis(emulator.emu.endpoint, "StopStreamEncryption", { StreamName: name, ...key });
    expect([reply.status, reply.body]).toEqual([200, ""]);
    await updated(emulator, name);
  });

  test.for([
    ...unknownStreams(key),
    [{ StreamName: "none" }, validation(mustNotBeNull("encryptionType"), mustNotBeNull("keyId"))],
    [
      { StreamName: "none", EncryptionType: "SOME", KeyId: "" },
      validation(
        violation("SOME", "encryptionType", "Member must satisfy enum value set: [NONE, KMS]"),
        tooShort("", "keyId"),
      ),
    ],
  ] as const)("answers %j with its error", async ([input, failure], { emulator }) => {
    expect(await rawFailureOf(emulator.emu.endpoint, "StopStreamEncryption", input)).toBe(failure);
  });
});
