import type { PutRolePolicyRequest } from "@aws-sdk/client-iam";
import { required } from "../../required-member.ts";
import { existingRole, refuseMalformed } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

/** Kept and told; whether it decides anything is an option of the emulator. */
export function putRolePolicy(roles: Roles, input: PutRolePolicyRequest): void {
  const name = required(input.PolicyName, "PolicyName");
  const document = required(input.PolicyDocument, "PolicyDocument");
  const role = existingRole(roles, input.RoleName);
  refuseMalformed(document);
  role.policies.set(name, document);
  roles.keep(role);
}
