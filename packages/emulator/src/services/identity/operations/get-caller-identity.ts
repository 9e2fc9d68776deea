import type { GetCallerIdentityRequest, GetCallerIdentityResponse } from "@aws-sdk/client-sts";
import type { CallContext } from "../../../protocols/operations.ts";
import { partitionOf } from "../../../core/arns.ts";
import type { IdentityPorts } from "../ports.ts";
import type { Sessions } from "../state/sessions.ts";

export function getCallerIdentity(
  { sessions, ports }: { readonly sessions: Sessions; readonly ports: IdentityPorts },
  _input: GetCallerIdentityRequest,
  call: CallContext,
): GetCallerIdentityResponse {
  const session = sessions.find(call.accessKeyId);
  if (session !== undefined) return { UserId: session.userId, Account: call.accountId, Arn: session.arn };
  const fn = ports.functionCaller?.(call.accessKeyId);
  if (fn !== undefined) {
    const [, role = "", functionName = ""] = fn.arn.split("/");
    return { UserId: `${roleId(role)}:${functionName}`, Account: call.accountId, Arn: fn.arn };
  }
  // AWS: the root user's id is the account's (AWS docs, GetCallerIdentity).
  const arn = `arn:${partitionOf(call.region)}:iam::${call.accountId}:root`;
  return { UserId: call.accountId, Account: call.accountId, Arn: arn };
}

/** Assumed: any id of the form that roles have does, if it is always the same. */
function roleId(role: string): string {
  return `AROA${Buffer.from(role).toString("hex").toUpperCase().padEnd(16, "0").slice(0, 16)}`;
}
