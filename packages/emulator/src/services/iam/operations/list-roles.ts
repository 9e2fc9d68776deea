import type { ListRolesRequest, ListRolesResponse } from "@aws-sdk/client-iam";
import { describeRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

/** All at once. */
export function listRoles(roles: Roles, { PathPrefix: prefix = "/" }: ListRolesRequest): ListRolesResponse {
  return {
    Roles: roles
      .list()
      .filter(({ path }) => path.startsWith(prefix))
      .map(describeRole),
    IsTruncated: false,
  };
}
