import type { SetDefaultPolicyVersionRequest } from "@aws-sdk/client-iam";
import type { IamParts } from "../iam-parts.ts";
import { existingPolicy, existingPolicyVersion } from "../policy-rules.ts";

export function setDefaultPolicyVersion(parts: IamParts, input: SetDefaultPolicyVersionRequest): void {
  const policy = existingPolicy(parts, input.PolicyArn);
  const { id: defaultVersion } = existingPolicyVersion(policy, input.VersionId);
  parts.policies.put({ ...policy, defaultVersion, updatedAt: parts.ports.clock.now() });
}
