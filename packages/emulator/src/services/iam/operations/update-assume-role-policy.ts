import type { UpdateAssumeRolePolicyRequest } from "@aws-sdk/client-iam";
import { required } from "../../required-member.ts";
import { existingRole, refuseMalformed } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

export function updateAssumeRolePolicy(roles: Roles, input: UpdateAssumeRolePolicyRequest): void {
  const role = existingRole(roles, input.RoleName);
  const trustPolicy = required(input.PolicyDocument, "PolicyDocument");
  refuseMalformed(trustPolicy);
  roles.add({ ...role, trustPolicy });
}
