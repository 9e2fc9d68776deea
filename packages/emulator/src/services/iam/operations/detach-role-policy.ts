import type { DetachRolePolicyRequest } from "@aws-sdk/client-iam";
import { required } from "../../required-member.ts";
import { iamError } from "../iam-error.ts";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

export function detachRolePolicy(roles: Roles, input: DetachRolePolicyRequest): void {
  const arn = required(input.PolicyArn, "PolicyArn");
  const role = existingRole(roles, input.RoleName);
  // Assumed: the text.
  if (!role.attached.delete(arn)) throw iamError("NoSuchEntityException", `Policy ${arn} was not found.`);
  roles.keep(role);
}
