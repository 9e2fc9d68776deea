import type { DeleteRoleRequest } from "@aws-sdk/client-iam";
import { iamError } from "../iam-error.ts";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

export function deleteRole(roles: Roles, input: DeleteRoleRequest): void {
  const role = existingRole(roles, input.RoleName);
  // Assumed: the texts.
  if (role.policies.size > 0)
    throw iamError("DeleteConflictException", "Cannot delete entity, must delete policies first.");
  if (role.attached.size > 0)
    throw iamError("DeleteConflictException", "Cannot delete entity, must detach all policies first.");
  roles.delete(role);
}
