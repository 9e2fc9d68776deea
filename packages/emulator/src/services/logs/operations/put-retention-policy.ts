import type { PutRetentionPolicyRequest } from "@aws-sdk/client-cloudwatch-logs";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingGroup } from "../log-groups.ts";
import type { LogParts } from "../log-tags.ts";
import { logsError } from "../logs-error.ts";

// AWS: the values that there are (AWS docs, PutRetentionPolicy).
const retentions: ReadonlySet<number> = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

/** Kept and told; nothing expires. */
export function putRetentionPolicy(parts: LogParts, input: PutRetentionPolicyRequest, call: CallContext): void {
  const retentionInDays = required(input.retentionInDays, "retentionInDays");
  const group = existingGroup(parts.store, call.region, required(input.logGroupName, "logGroupName"));
  // Assumed: the text.
  if (!retentions.has(retentionInDays))
    throw logsError(
      "InvalidParameterException",
      `Invalid retention value: ${retentionInDays}. Valid values are: [${[...retentions].join(", ")}]`,
    );
  parts.settings.change(group, { retentionInDays });
}
