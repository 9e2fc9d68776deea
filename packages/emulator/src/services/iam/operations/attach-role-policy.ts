import type { AttachRolePolicyRequest } from "@aws-sdk/client-iam";
import { required } from "../../required-member.ts";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

/** Attaching twice is once. AWS's own policies are not here, so that every ARN is taken. */
export function attachRolePolicy(roles: Roles, input: AttachRolePolicyRequest): void {
  existingRole(roles, input.RoleName).attached.add(required(input.PolicyArn, "PolicyArn"));
}
