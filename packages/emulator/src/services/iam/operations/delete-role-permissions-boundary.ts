import type { DeleteRolePermissionsBoundaryRequest } from "@aws-sdk/client-iam";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

export function deleteRolePermissionsBoundary(roles: Roles, input: DeleteRolePermissionsBoundaryRequest): void {
  roles.add({ ...existingRole(roles, input.RoleName), boundary: undefined });
}
