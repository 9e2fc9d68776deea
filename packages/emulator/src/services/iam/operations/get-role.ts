import type { GetRoleRequest, GetRoleResponse } from "@aws-sdk/client-iam";
import { describeWholeRole, existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

export function getRole(roles: Roles, input: GetRoleRequest): GetRoleResponse {
  // AWS: when it was last used is told even of one that never was (AWS docs, GetRole).
  return { Role: { ...describeWholeRole(existingRole(roles, input.RoleName)), RoleLastUsed: {} } };
}
