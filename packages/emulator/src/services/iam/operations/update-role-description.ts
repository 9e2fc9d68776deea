import type { UpdateRoleDescriptionRequest, UpdateRoleDescriptionResponse } from "@aws-sdk/client-iam";
import { required } from "../../required-member.ts";
import { describeWholeRole, existingRole } from "../role-rules.ts";
import type { Roles } from "../state/roles.ts";

export function updateRoleDescription(
  roles: Roles,
  input: UpdateRoleDescriptionRequest,
): UpdateRoleDescriptionResponse {
  const role = { ...existingRole(roles, input.RoleName), description: required(input.Description, "Description") };
  roles.add(role);
  return { Role: describeWholeRole(role) };
}
