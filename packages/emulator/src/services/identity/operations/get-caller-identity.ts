import type { GetCallerIdentityRequest, GetCallerIdentityResponse } from "@aws-sdk/client-sts";
import type { CallContext } from "../../../protocols/operations.ts";
import { partitionOf } from "../../../core/arns.ts";
import type { Sessions } from "../state/sessions.ts";

export function getCallerIdentity(
  sessions: Sessions,
  _input: GetCallerIdentityRequest,
  call: CallContext,
): GetCallerIdentityResponse {
  const session = sessions.find(call.accessKeyId);
  if (session !== undefined) return { UserId: session.userId, Account: call.accountId, Arn: session.arn };
  // AWS: the root user's id is the account's (AWS docs, GetCallerIdentity).
  const arn = `arn:${partitionOf(call.region)}:iam::${call.accountId}:root`;
  return { UserId: call.accountId, Account: call.accountId, Arn: arn };
}
