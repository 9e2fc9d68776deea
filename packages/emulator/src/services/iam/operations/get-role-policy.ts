import type { GetRolePolicyRequest, GetRolePolicyResponse } from "@aws-sdk/client-iam";
import { required } from "../../required-member.ts";
import { iamError } from "../iam-error.ts";
import { encodedDocument, existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

export function getRolePolicy(roles: Roles, input: GetRolePolicyRequest): GetRolePolicyResponse {
  const name = required(input.PolicyName, "PolicyName");
  const role = existingRole(roles, input.RoleName);
  const document = role.policies.get(name);
  // Assumed: the text.
  if (document === undefined)
    throw iamError("NoSuchEntityException", `The role policy with name ${name} cannot be found.`);
  return { RoleName: role.name, PolicyName: name, PolicyDocument: encodedDocument(document) };
}
