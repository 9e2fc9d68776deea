import type { DeletePolicyVersionRequest } from "@aws-sdk/client-iam";
import { iamError } from "../iam-error.ts";
import type { IamParts } from "../iam-parts.ts";
import { existingPolicy, existingPolicyVersion } from "../policy-rules.ts";

export function deletePolicyVersion(parts: IamParts, input: DeletePolicyVersionRequest): void {
  const policy = existingPolicy(parts, input.PolicyArn);
  const version = existingPolicyVersion(policy, input.VersionId);
  // Assumed: the text.
  if (version.id === policy.defaultVersion)
    throw iamError("DeleteConflictException", "Cannot delete the default version of a policy.");
  parts.policies.put({ ...policy, versions: policy.versions.filter((other) => other !== version) });
}
