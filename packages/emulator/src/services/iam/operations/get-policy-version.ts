import type { GetPolicyVersionRequest, GetPolicyVersionResponse } from "@aws-sdk/client-iam";
import type { IamParts } from "../iam-parts.ts";
import { describeWholePolicyVersion, existingPolicy, existingPolicyVersion } from "../policy-rules.ts";

export function getPolicyVersion(parts: IamParts, input: GetPolicyVersionRequest): GetPolicyVersionResponse {
  const policy = existingPolicy(parts, input.PolicyArn);
  return { PolicyVersion: describeWholePolicyVersion(policy, existingPolicyVersion(policy, input.VersionId)) };
}
