import type { AssumeRoleRequest, AssumeRoleResponse } from "@aws-sdk/client-sts";
import { parseArn, partitionOf } from "../../../core/arns.ts";
import type { Ids } from "../../../core/ids.ts";
import type { AwsError } from "../../../protocols/errors.ts";
import { validationException } from "../../../protocols/errors.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { IdentityPorts } from "../ports.ts";
import type { Sessions } from "../state/sessions.ts";

// AWS: lifetime of a session: default, least and most, in seconds (AWS docs, AssumeRole).
const defaultDuration = 3600;
const shortestDuration = 900;
const longestDuration = 43_200;

const sessionNamePattern = /^[\w+=,.@-]*$/;

export interface AssumeRoleState {
  readonly sessions: Sessions;
  readonly ids: Ids;
  readonly ports: IdentityPorts;
}

export function assumeRole(
  { sessions, ids, ports }: AssumeRoleState,
  input: AssumeRoleRequest,
  call: CallContext,
): AssumeRoleResponse {
  const roleArn = required(input.RoleArn, "RoleArn");
  const sessionName = required(input.RoleSessionName, "RoleSessionName");
  const seconds = input.DurationSeconds ?? defaultDuration;
  refuse(roleArn, sessionName, seconds);
  const role = parseArn(roleArn);
  // AWS: the text (AWS SDK users' reports).
  if (role === undefined || !role.resource.startsWith("role/")) throw validationException(`${roleArn} is invalid`);
  const credentials = ports.issueCredentials({ seconds });
  // AWS: an assumed role's ARN has the role's name without its path (AWS docs, IAM identifiers).
  const roleName = role.resource.slice(role.resource.lastIndexOf("/") + 1);
  const session = {
    userId: `AROA${ids.hex(8).toUpperCase()}:${sessionName}`,
    arn: `arn:${partitionOf(call.region)}:sts::${call.accountId}:assumed-role/${roleName}/${sessionName}`,
    roleArn,
  };
  sessions.add(credentials.accessKeyId, session);
  return {
    Credentials: {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      SessionToken: credentials.sessionToken,
      Expiration: credentials.expiration,
    },
    AssumedRoleUser: { AssumedRoleId: session.userId, Arn: session.arn },
  };
}

function refuse(roleArn: string, sessionName: string, seconds: number): void {
  if (roleArn.length < 20) throw problem(roleArn, "roleArn", "have length greater than or equal to 20");
  if (!sessionNamePattern.test(sessionName))
    throw problem(sessionName, "roleSessionName", String.raw`satisfy regular expression pattern: [\w+=,.@-]*`);
  if (sessionName.length < 2) throw problem(sessionName, "roleSessionName", "have length greater than or equal to 2");
  if (sessionName.length > 64) throw problem(sessionName, "roleSessionName", "have length less than or equal to 64");
  if (seconds < shortestDuration)
    throw problem(seconds, "durationSeconds", `have value greater than or equal to ${shortestDuration}`);
  if (seconds > longestDuration)
    throw problem(seconds, "durationSeconds", `have value less than or equal to ${longestDuration}`);
}

function problem(value: string | number, member: string, rule: string): AwsError {
  return validationException(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${rule}`,
  );
}
