import {
  GetRecordsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  StartStreamEncryptionCommand,
} from "@aws-sdk/client-kinesis";
import { describe, expect } from "vitest";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf, mustNotBeNull, validation, violation } from "../emulator/failure-of.ts";
import { rawFailureOf, rawKinesis } from "../emulator/raw-http.ts";
import {
  activeStream,
  describeStream,
  invalidArgument,
  iteratorOf,
  latencyMs,
  notActive,
  put,
  tooOften,
  tooShort,
  unknownStreams,
  updated,
} from "./streams.ts";

const test = emulatorTest({ clock: "frozen", kinesisLatencyMs: latencyMs });

const key = { EncryptionType: "KMS", KeyId: "alias/aws/kinesis" } as const;

describe("StartStreamEncryption", () => {
  test("marks the records from then on, and what is answered to them", async ({ emulator, uniqueName: name }) => {
    const { kinesis } = emulator;
    await activeStream(emulator, name);
    await put(kinesis, name, "a");
    const start = () => kinesis.send(new StartStreamEncryptionCommand({ StreamName: name, ...key }));
    await start();
    expect(await failureOf(start())).toBe(notActive(name));
    await updated(emulator, name);
    expect(await describeStream(kinesis, name)).toMatchObject(key);
    const record = { Data: Buffer.from("b"), PartitionKey: "b" };
    expect(await kinesis.send(new PutRecordCommand({ StreamName: name, ...record }))).toMatchObject({
      EncryptionType: "KMS",
    });
    expect(await kinesis.send(new PutRecordsCommand({ StreamName: name, Records: [record] }))).toMatchObject({
      EncryptionType: "KMS",
      Records: [{ ShardId: "shardId-000000000000" }],
    });
    const ShardIterator = await iteratorOf(kinesis, name);
    const { Records = [] } = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    expect(Records.map(({ EncryptionType }) => EncryptionType)).toEqual([undefined, "KMS", "KMS"]);
  });

  test("is 25 times in 24 hours of world time", async ({ emulator, uniqueName: name }) => {
    const { emu } = emulator;
    await activeStream(emulator, name);
    const start = async () => {
      const answer = await rawFailureOf(emu.endpoint, "StartStreamEncryption", { ...key, StreamName: name });
      await emu.clock.advance(latencyMs);
      return answer;
    };
    for (let call = 1; call <= 25; call++) expect(await start()).toBe("no failure");
    expect(await start()).toBe(tooOften("StartStreamEncryption", 25, name));
    await emu.clock.advance(24 * 3_600_000);
    expect(await start()).toBe("no failure");
  });

  test("takes another key, and no other type", async ({ emulator, uniqueName: name }) => {
    const { emu, kinesis } = emulator;
    await activeStream(emulator, name);
    for (const KeyId of ["alias/orders", "arn:aws:kms:us-east-1:000000000000:key/1"]) {
      const reply = await rawKinesis(emu.endpoint, "StartStreamEncryption", { ...key, StreamName: name, KeyId });
      expect([reply.status, reply.body]).toEqual([200, ""]);
      await emu.clock.advance(latencyMs);
      expect((await describeStream(kinesis, name)).KeyId).toBe(KeyId);
    }
    const input = { ...key, StreamName: name, EncryptionType: "NONE" };
    expect(await rawFailureOf(emu.endpoint, "StartStreamEncryption", input)).toBe(
      invalidArgument("The EncryptionType of StartStreamEncryption must be KMS."),
    );
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
    expect(await rawFailureOf(emulator.emu.endpoint, "StartStreamEncryption", input)).toBe(failure);
  });
});
