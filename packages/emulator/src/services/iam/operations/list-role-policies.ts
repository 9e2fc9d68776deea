import type { ListRolePoliciesRequest, ListRolePoliciesResponse } from "@aws-sdk/client-iam";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

/** All at once. */
export function listRolePolicies(roles: Roles, input: ListRolePoliciesRequest): ListRolePoliciesResponse {
  const { policies } = existingRole(roles, input.RoleName);
  return { PolicyNames: [...policies.keys()].toSorted(), IsTruncated: false };
}
