import type { UntagRoleRequest } from "@aws-sdk/client-iam";
import { required } from "../../required-member.ts";
import { withoutTags } from "../policy-rules.ts";
import { existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

export function untagRole(roles: Roles, input: UntagRoleRequest): void {
  const role = existingRole(roles, input.RoleName);
  roles.add({ ...role, tags: withoutTags(role.tags, required(input.TagKeys, "TagKeys")) });
}
