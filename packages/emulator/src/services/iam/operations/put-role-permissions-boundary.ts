import type { PutRolePermissionsBoundaryRequest } from "@aws-sdk/client-iam";
import { required } from "../../required-member.ts";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

/** Whether anything is bounded by it is an option of the emulator. */
export function putRolePermissionsBoundary(roles: Roles, input: PutRolePermissionsBoundaryRequest): void {
  const role = existingRole(roles, input.RoleName);
  roles.add({ ...role, boundary: required(input.PermissionsBoundary, "PermissionsBoundary") });
}
