import type { ListEntitiesForPolicyRequest, ListEntitiesForPolicyResponse } from "@aws-sdk/client-iam";
import { required } from "../../required-member.ts";
import type { IamParts } from "../iam-parts.ts";
import { pageOf } from "../page.ts";

/** Roles: there are no users or groups. */
export function listEntitiesForPolicy(
  { roles }: IamParts,
  input: ListEntitiesForPolicyRequest,
): ListEntitiesForPolicyResponse {
  const arn = required(input.PolicyArn, "PolicyArn");
  const { EntityFilter: kind = "Role", PathPrefix: prefix = "/" } = input;
  const attached = kind === "Role" ? roles.list().filter((role) => role.attached.has(arn)) : [];
  const wanted = attached.filter(({ path }) => path.startsWith(prefix));
  const { items, more } = pageOf(wanted, ({ name }) => name, input);
  const PolicyRoles = items.map(({ name, id }) => ({ RoleName: name, RoleId: id }));
  return { PolicyGroups: [], PolicyUsers: [], PolicyRoles, ...more };
}
