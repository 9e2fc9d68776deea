import type { PutRolePermissionsBoundaryRequest } from "@aws-sdk/client-iam";
import { required } from "../../required-member.ts";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

/** Kept and told; nothing is bounded by it. */
export function putRolePermissionsBoundary(roles: Roles, input: PutRolePermissionsBoundaryRequest): void {
  const role = existingRole(roles, input.RoleName);
  roles.add({ ...role, boundary: required(input.PermissionsBoundary, "PermissionsBoundary") });
}
