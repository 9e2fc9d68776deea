import type { TagRoleRequest } from "@aws-sdk/client-iam";
import { required } from "../../required-member.ts";
import { withTags } from "../policy-rules.ts";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

export function tagRole(roles: Roles, input: TagRoleRequest): void {
  const role = existingRole(roles, input.RoleName);
  roles.add({ ...role, tags: withTags(role.tags, required(input.Tags, "Tags")) });
}
