import type { ListRoleTagsRequest, ListRoleTagsResponse } from "@aws-sdk/client-iam";
import { pageOf } from "../page.ts";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

/** By key. */
export function listRoleTags(roles: Roles, input: ListRoleTagsRequest): ListRoleTagsResponse {
  const { items, more } = pageOf(existingRole(roles, input.RoleName).tags, ({ Key: key = "" }) => key, input);
  return { Tags: items, ...more };
}
