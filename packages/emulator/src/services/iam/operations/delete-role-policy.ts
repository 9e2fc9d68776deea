import type { DeleteRolePolicyRequest } from "@aws-sdk/client-iam";
import { required } from "../../required-member.ts";
import { iamError } from "../iam-error.ts";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

export function deleteRolePolicy(roles: Roles, input: DeleteRolePolicyRequest): void {
  const name = required(input.PolicyName, "PolicyName");
  const role = existingRole(roles, input.RoleName);
  // Assumed: the text.
  if (!role.policies.delete(name))
    throw iamError("NoSuchEntityException", `The role policy with name ${name} cannot be found.`);
  roles.keep(role);
}
