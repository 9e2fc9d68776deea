import type { ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse } from "@aws-sdk/client-iam";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

/** All at once. */
export function listAttachedRolePolicies(
  roles: Roles,
  input: ListAttachedRolePoliciesRequest,
): ListAttachedRolePoliciesResponse {
  const { attached } = existingRole(roles, input.RoleName);
  return {
    AttachedPolicies: [...attached].map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf("/") + 1), PolicyArn: arn })),
    IsTruncated: false,
  };
}
