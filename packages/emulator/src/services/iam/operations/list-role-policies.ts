import type { ListRolePoliciesRequest, ListRolePoliciesResponse } from "@aws-sdk/client-iam";
import { pageOf } from "../page.ts";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

/** By name. */
export function listRolePolicies(roles: Roles, input: ListRolePoliciesRequest): ListRolePoliciesResponse {
  const { policies } = existingRole(roles, input.RoleName);
  const { items, more } = pageOf([...policies.keys()], (name) => name, input);
  return { PolicyNames: items, ...more };
}
