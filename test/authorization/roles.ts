import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import type { TimelineEntry } from "@localemu/control";
import type { LocalEmu } from "@localemu/testkit";
import type { TestEmulator } from "../emulator/emulator.ts";

export const account = "000000000000";
export const roleArn = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
/** Of the session that `clientConfigOf` opens. */
export const sessionArn = (name: string): string => `arn:aws:sts::${account}:assumed-role/${name}/test`;

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

export const policyOf = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement });
export const allow = (Action: string | readonly string[], Resource: string | readonly string[] = "*"): object => ({
  Effect: "Allow",
  Action,
  Resource,
});
export const deny = (Action: string | readonly string[], Resource = "*"): object => ({
  Effect: "Deny",
  Action,
  Resource,
});
/** What CDK's `enforceSSL` and many modules add to policies. */
export const unlessSecure = (statement: object): object => ({
  ...statement,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** Makes a role that has these statements and is attached these managed policies. */
export async function createRole(
  { emu }: TestEmulator,
  name: string,
  statements: readonly object[] = [],
  attached: readonly string[] = [],
  trustPolicy = trust,
): Promise<string> {
  const iam = new IAMClient(emu.getClientConfig());
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trustPolicy }));
  if (statements.length > 0) await putStatements(emu, name, statements);
  for (const PolicyArn of attached) await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn }));
  iam.destroy();
  return roleArn(name);
}

/** Replaces what `createRole` gave to the role. */
export async function putStatements(emu: LocalEmu, name: string, statements: readonly object[]): Promise<void> {
  const iam = new IAMClient(emu.getClientConfig());
  const PolicyDocument = policyOf(...statements);
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "own", PolicyDocument }));
  iam.destroy();
}

/** What a client is made with that calls in a session of the role. */
export async function clientConfigOf({ emu, sts }: TestEmulator, name: string) {
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn(name), RoleSessionName: "test" }));
  const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  return {
    ...emu.getClientConfig(),
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey, sessionToken: SessionToken },
  };
}

/** AWS's text for what no policy of the role allows. */
export function denialText(name: string, action: string, resource: string, by = "identity-based"): string {
  return `User: ${sessionArn(name)} is not authorized to perform: ${action} on resource: ${resource} because no ${by} policy allows the ${action} action`;
}

/** What the timeline tells of decisions. */
export async function judgements(emu: LocalEmu): Promise<Extract<TimelineEntry, { type: "access.judged" }>[]> {
  return (await emu.timeline()).filter((entry) => entry.type === "access.judged");
}
