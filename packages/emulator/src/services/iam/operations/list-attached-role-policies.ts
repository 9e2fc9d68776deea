import type { ListAttachedRolePoliciesRequest, ListAttachedRolePoliciesResponse } from "@aws-sdk/client-iam";
import { pageOf } from "../page.ts";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

/** Assumed: by ARN. What is attached has the paths that its ARN names. */
export function listAttachedRolePolicies(
  roles: Roles,
  input: ListAttachedRolePoliciesRequest,
): ListAttachedRolePoliciesResponse {
  const { attached } = existingRole(roles, input.RoleName);
  const { PathPrefix: prefix = "/" } = input;
  const wanted = [...attached].filter((arn) =>
    arn.slice(arn.indexOf(":policy/") + ":policy".length).startsWith(prefix),
  );
  const { items, more } = pageOf(wanted, (arn) => arn, input);
  return {
    AttachedPolicies: items.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf("/") + 1), PolicyArn: arn })),
    ...more,
  };
}
