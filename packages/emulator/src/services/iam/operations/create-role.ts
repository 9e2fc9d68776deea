import type { CreateRoleRequest, CreateRoleResponse } from "@aws-sdk/client-iam";
import { accountId, partitionOf } from "../../../core/arns.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { iamError } from "../iam-error.ts";
import type { IamPorts } from "../ports.ts";
import { describeWholeRole, refuseMalformed } from "../role-rules.ts";
import type { Role, Roles } from "../state/roles.ts";

// AWS: the default (AWS docs, CreateRole).
const defaultSessionSeconds = 3600;

export function createRole(
  roles: Roles,
  { ids, clock }: IamPorts,
  input: CreateRoleRequest,
  call: CallContext,
): CreateRoleResponse {
  const name = required(input.RoleName, "RoleName");
  const trustPolicy = required(input.AssumeRolePolicyDocument, "AssumeRolePolicyDocument");
  refuseMalformed(trustPolicy);
  // Assumed: the text.
  if (roles.isTaken(name)) throw iamError("EntityAlreadyExistsException", `Role with name ${name} already exists.`);
  const path = input.Path ?? "/";
  const role: Role = {
    name,
    path,
    arn: `arn:${partitionOf(call.region)}:iam::${accountId}:role${path}${name}`,
    // AWS: 21 letters and digits (AWS docs, IAM identifiers).
    id: `AROA${ids.hex(9).slice(0, 17).toUpperCase()}`,
    trustPolicy,
    description: input.Description,
    maxSessionSeconds: input.MaxSessionDuration ?? defaultSessionSeconds,
    tags: input.Tags ?? [],
    boundary: input.PermissionsBoundary,
    createdAt: clock.now(),
    policies: new Map(),
    attached: new Set(),
  };
  roles.add(role);
  return { Role: describeWholeRole(role) };
}
