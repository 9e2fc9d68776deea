import type { ListRolesRequest, ListRolesResponse } from "@aws-sdk/client-iam";
import { pageOf } from "../page.ts";
import { describeRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

/** By name. */
export function listRoles(roles: Roles, input: ListRolesRequest): ListRolesResponse {
  const { PathPrefix: prefix = "/" } = input;
  const wanted = roles.list().filter(({ path }) => path.startsWith(prefix));
  const { items, more } = pageOf(wanted, ({ name }) => name, input);
  return { Roles: items.map(describeRole), ...more };
}
