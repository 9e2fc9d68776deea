import { expect, test } from "vitest";
import { fakeHostTime } from "../../core/fake-host-time.ts";
import { randomIds } from "../../core/ids.ts";
import type { CallContext } from "../../protocols/operations.ts";
import { createIdentity } from "./index.ts";

const call: CallContext = {
  region: "eu-west-1",
  accountId: "000000000000",
  requestId: "r",
  accessKeyId: "LEMUWORLD",
  origin: "http://127.0.0.1:4566",
  signal: new AbortController().signal,
};

function newIdentity() {
  const host = fakeHostTime();
  let issued = 0;
  const { operations } = createIdentity({
    ids: randomIds(),
    issueCredentials: ({ seconds }) => ({
      accessKeyId: `LEMUROLE${++issued}`,
      secretAccessKey: "secret",
      sessionToken: "token",
      expiration: new Date(host.epoch() + seconds * 1000),
    }),
  });
  return { host, ...operations };
}

const role = { RoleArn: "arn:aws:iam::000000000000:role/path/worker", RoleSessionName: "me@home" };

test("a caller is the root user, until it uses a role's credentials", async () => {
  const { GetCallerIdentity, AssumeRole, host } = newIdentity();
  expect(await GetCallerIdentity({}, call)).toEqual({
    UserId: "000000000000",
    Account: "000000000000",
    Arn: "arn:aws:iam::000000000000:root",
  });
  const { Credentials, AssumedRoleUser } = await AssumeRole({ ...role, DurationSeconds: 900 }, call);
  expect(Credentials).toEqual({
    AccessKeyId: "LEMUROLE1",
    SecretAccessKey: "secret",
    SessionToken: "token",
    Expiration: new Date(host.epoch() + 900_000),
  });
  const asRole = { ...call, accessKeyId: "LEMUROLE1" };
  expect(await GetCallerIdentity({}, asRole)).toEqual({
    UserId: AssumedRoleUser?.AssumedRoleId,
    Account: "000000000000",
    Arn: "arn:aws:sts::000000000000:assumed-role/worker/me@home",
  });
  expect(AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA[\dA-F]{16}:me@home$/);
});

test("whoever holds a role's credentials stays what they were when these have expired", async () => {
  const { GetCallerIdentity, AssumeRole, host } = newIdentity();
  await AssumeRole({ ...role, DurationSeconds: 900 }, call);
  host.pass(900_000);
  await AssumeRole(role, call);
  const arnOf = async (accessKeyId: string) => (await GetCallerIdentity({}, { ...call, accessKeyId })).Arn;
  expect(await arnOf("LEMUROLE1")).toContain(":assumed-role/worker/");
  expect(await arnOf("LEMUROLE2")).toContain(":assumed-role/worker/");
});

const invalid = (value: string, member: string, rule: string) =>
  `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${rule}`;

test.each([
  [{ RoleSessionName: "x" }, invalid("x", "roleSessionName", "have length greater than or equal to 2")],
  [
    { RoleSessionName: "a b" },
    invalid("a b", "roleSessionName", String.raw`satisfy regular expression pattern: [\w+=,.@-]*`),
  ],
  [{ RoleArn: "worker" }, invalid("worker", "roleArn", "have length greater than or equal to 20")],
  [{ RoleArn: "arn:aws:iam::000000000000:user/me" }, "arn:aws:iam::000000000000:user/me is invalid"],
  [{ DurationSeconds: 899 }, invalid("899", "durationSeconds", "have value greater than or equal to 900")],
  [{ DurationSeconds: 43_201 }, invalid("43201", "durationSeconds", "have value less than or equal to 43200")],
])("%j is refused", (change, message) => {
  expect(() => newIdentity().AssumeRole({ ...role, ...change }, call)).toThrow(
    expect.objectContaining({ code: "ValidationException", message }),
  );
});
