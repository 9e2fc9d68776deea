import type { ListPolicyVersionsRequest, ListPolicyVersionsResponse } from "@aws-sdk/client-iam";
import type { IamParts } from "../iam-parts.ts";
import { pageOf } from "../page.ts";
import { describePolicyVersion, existingPolicy } from "../policy-rules.ts";

/** Assumed: the oldest first. */
export function listPolicyVersions(parts: IamParts, input: ListPolicyVersionsRequest): ListPolicyVersionsResponse {
  const policy = existingPolicy(parts, input.PolicyArn);
  const { items, more } = pageOf(policy.versions, ({ id }) => id.slice(1).padStart(9, "0"), input);
  return { Versions: items.map((version) => describePolicyVersion(policy, version)), ...more };
}
