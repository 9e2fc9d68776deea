import type { ListInstanceProfilesForRoleRequest, ListInstanceProfilesForRoleResponse } from "@aws-sdk/client-iam";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

/** None: tools ask before they delete a role. */
export function listInstanceProfilesForRole(
  roles: Roles,
  input: ListInstanceProfilesForRoleRequest,
): ListInstanceProfilesForRoleResponse {
  existingRole(roles, input.RoleName);
  return { InstanceProfiles: [], IsTruncated: false };
}
