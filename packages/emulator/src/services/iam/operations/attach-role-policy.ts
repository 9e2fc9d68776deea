import type { AttachRolePolicyRequest } from "@aws-sdk/client-iam";
import { required } from "../../required-member.ts";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

/** Attaching twice is once. AWS's own policies are not here, so that every ARN is taken. */
export function attachRolePolicy(roles: Roles, input: AttachRolePolicyRequest): void {
  const role = existingRole(roles, input.RoleName);
  role.attached.add(required(input.PolicyArn, "PolicyArn"));
  roles.keep(role);
}
