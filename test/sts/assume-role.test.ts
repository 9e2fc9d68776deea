import { ListStreamsCommand, KinesisClient } from "@aws-sdk/client-kinesis";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { AssumeRoleRequest } from "@aws-sdk/client-sts";
import { expect } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import { emulatorTest } from "../emulator/emulator-test.ts";
import { failureOf } from "../emulator/failure-of.ts";
import { createStream } from "../kinesis/streams.ts";

const test = emulatorTest({ clock: "frozen" });
const role = { RoleArn: "arn:aws:iam::000000000000:role/teams/reader", RoleSessionName: "session-1" };

async function credentialsOf(sts: STSClient, request: AssumeRoleRequest = role) {
  const { Credentials } = await sts.send(new AssumeRoleCommand(request));
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

test("gives credentials that are the role's session", async ({ emulator }) => {
  const { emu, sts } = emulator;
  const before = Date.now();
  const { Credentials, AssumedRoleUser } = await sts.send(new AssumeRoleCommand(role));
  expect(Credentials?.AccessKeyId).toMatch(/^LEMU[A-Z\d]{16}$/);
  // Real time, whatever the world's clock says: signatures and credentials live in it.
  const lifeMs = (Credentials?.Expiration?.getTime() ?? 0) - before;
  expect(lifeMs).toBeGreaterThan(3_598_000);
  expect(lifeMs).toBeLessThan(3_660_000);
  const Arn = "arn:aws:sts::000000000000:assumed-role/reader/session-1";
  expect(AssumedRoleUser).toEqual({ Arn, AssumedRoleId: expect.stringMatching(/^AROA[A-Z\d]{16}:session-1$/) });

  const assumed = new STSClient({ ...emu.getClientConfig(), credentials: await credentialsOf(sts) });
  expect(await assumed.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Arn,
    Account: "000000000000",
    UserId: expect.stringMatching(/^AROA[A-Z\d]{16}:session-1$/),
  });
});

test("gives credentials that lead to the world that gave them, at any endpoint of the server", async ({ emulator }) => {
  const { emu } = emulator;
  await using world = await emu.createWorld();
  const inside = clientsOf(world);
  await createStream(inside.kinesis, "of-the-world");
  await createStream(emulator.kinesis, "of-the-default-world");
  const credentials = await credentialsOf(inside.sts);
  const streamsAt = async (endpoint: string): Promise<string[] | undefined> => {
    const kinesis = new KinesisClient({ endpoint, region: "us-east-1", credentials });
    return (await kinesis.send(new ListStreamsCommand({}))).StreamNames;
  };
  expect(await streamsAt(emu.endpoint)).toEqual(["of-the-world"]);
  expect(await streamsAt(world.endpoint)).toEqual(["of-the-world"]);

  // And nowhere once it has ended: never to the default world.
  await world.close();
  expect(await failureOf(streamsAt(emu.endpoint))).toBe(
    `403 UnrecognizedClientException: the access key ${credentials.accessKeyId} belongs to no world of this LocalEmu: ` +
      "its world was deleted or reset, or another emulator issued it",
  );
});

test("a session may assume another role", async ({ emulator }) => {
  const { emu, sts } = emulator;
  const first = new STSClient({ ...emu.getClientConfig(), credentials: await credentialsOf(sts) });
  const next = { RoleArn: "arn:aws:iam::000000000000:role/writer", RoleSessionName: "next", DurationSeconds: 900 };
  const second = new STSClient({ ...emu.getClientConfig(), credentials: await credentialsOf(first, next) });
  expect((await second.send(new GetCallerIdentityCommand({}))).Arn).toBe(
    "arn:aws:sts::000000000000:assumed-role/writer/next",
  );
});

const invalid = (value: string | number, member: string, rule: string): string =>
  `400 ValidationError: 1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${rule}`;

test.for<readonly [AssumeRoleRequest, string]>([
  [{ ...role, RoleArn: "arn" }, invalid("arn", "roleArn", "have length greater than or equal to 20")],
  [
    { ...role, RoleArn: "arn:aws:iam::000000000000:user/a" },
    "400 ValidationError: arn:aws:iam::000000000000:user/a is invalid",
  ],
  [{ ...role, RoleSessionName: "a" }, invalid("a", "roleSessionName", "have length greater than or equal to 2")],
  [
    { ...role, RoleSessionName: "s".repeat(65) },
    invalid("s".repeat(65), "roleSessionName", "have length less than or equal to 64"),
  ],
  [
    { ...role, RoleSessionName: "a b" },
    invalid("a b", "roleSessionName", String.raw`satisfy regular expression pattern: [\w+=,.@-]*`),
  ],
  [{ ...role, DurationSeconds: 899 }, invalid(899, "durationSeconds", "have value greater than or equal to 900")],
  [{ ...role, DurationSeconds: 43_201 }, invalid(43_201, "durationSeconds", "have value less than or equal to 43200")],
])("refuses %j", async ([request, failure], { emulator }) => {
  expect(await failureOf(emulator.sts.send(new AssumeRoleCommand(request)))).toBe(failure);
});
