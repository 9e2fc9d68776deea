import type { GetPolicyRequest, GetPolicyResponse } from "@aws-sdk/client-iam";
import type { IamParts } from "../iam-parts.ts";
import { describeWholePolicy, existingPolicy } from "../policy-rules.ts";

export function getPolicy(parts: IamParts, input: GetPolicyRequest): GetPolicyResponse {
  return { Policy: describeWholePolicy(parts.roles, existingPolicy(parts, input.PolicyArn)) };
}
