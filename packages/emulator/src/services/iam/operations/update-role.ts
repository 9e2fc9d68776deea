import type { UpdateRoleRequest } from "@aws-sdk/client-iam";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

/** Assumed: what is left out stays as it is. */
export function updateRole(roles: Roles, input: UpdateRoleRequest): void {
  const role = existingRole(roles, input.RoleName);
  const { Description: description = role.description, MaxSessionDuration: seconds = role.maxSessionSeconds } = input;
  roles.add({ ...role, description, maxSessionSeconds: seconds });
}
