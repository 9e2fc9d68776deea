import type { DeletePolicyRequest } from "@aws-sdk/client-iam";
import { iamError } from "../iam-error.ts";
import type { IamParts } from "../iam-parts.ts";
import { existingPolicy, rolesWith } from "../policy-rules.ts";

export function deletePolicy(parts: IamParts, input: DeletePolicyRequest): void {
  const policy = existingPolicy(parts, input.PolicyArn);
  // Assumed: the texts.
  if (rolesWith(parts.roles, policy).length > 0)
    throw iamError("DeleteConflictException", "Cannot delete a policy attached to entities.");
  if (policy.versions.length > 1)
    throw iamError(
      "DeleteConflictException",
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  parts.policies.delete(policy);
}
