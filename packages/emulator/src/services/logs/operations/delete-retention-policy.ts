import type { DeleteRetentionPolicyRequest } from "@aws-sdk/client-cloudwatch-logs";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingGroup } from "../log-groups.ts";
import type { LogParts } from "../log-tags.ts";

export function deleteRetentionPolicy(parts: LogParts, input: DeleteRetentionPolicyRequest, call: CallContext): void {
  const group = existingGroup(parts.store, call.region, required(input.logGroupName, "logGroupName"));
  parts.settings.change(group, { retentionInDays: undefined });
}
