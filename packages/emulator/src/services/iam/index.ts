import type * as sdk from "@aws-sdk/client-iam";
import type { CallContext, ServiceImplementation } from "../../protocols/operations.ts";
import { notImplemented } from "./not-implemented.ts";
import { attachRolePolicy } from "./operations/attach-role-policy.ts";
import { createRole } from "./operations/create-role.ts";
import { deleteRolePolicy } from "./operations/delete-role-policy.ts";
import { deleteRole } from "./operations/delete-role.ts";
import { detachRolePolicy } from "./operations/detach-role-policy.ts";
import { getRolePolicy } from "./operations/get-role-policy.ts";
import { getRole } from "./operations/get-role.ts";
import { listAttachedRolePolicies } from "./operations/list-attached-role-policies.ts";
import { listInstanceProfilesForRole } from "./operations/list-instance-profiles-for-role.ts";
import { listRolePolicies } from "./operations/list-role-policies.ts";
import { listRoles } from "./operations/list-roles.ts";
import { putRolePolicy } from "./operations/put-role-policy.ts";
import type { IamPorts } from "./ports.ts";
import { Roles } from "./state/roles.ts";

/** IAM of one world: roles with their policies, for tools that make them before functions. Whether they decide what is allowed is an option of the emulator. */
export interface Iam {
  readonly operations: ServiceImplementation<typeof sdk, CallContext, keyof typeof notImplemented>;
  /** The operations that are declined, each with its reason. */
  readonly notImplemented: Readonly<Record<string, string>>;
  /** What the role of an ARN is allowed; undefined where there is none. */
  roleOf(arn: string): RolePolicies | undefined;
  /** The document of a customer's managed policy; undefined where there is none. */
  managedPolicy(arn: string): string | undefined;
}

/** Documents, and ARNs of managed policies. */
export interface RolePolicies {
  readonly inline: readonly string[];
  readonly attached: readonly string[];
  readonly boundary: string | undefined;
  readonly trust: string;
}

export function createIam(ports: IamPorts): Iam {
  const roles = new Roles(ports.documents);
  return {
    operations: {
      AttachRolePolicy: (input) => attachRolePolicy(roles, input),
      CreateRole: (input, call) => createRole(roles, ports, input, call),
      DeleteRole: (input) => deleteRole(roles, input),
      DeleteRolePolicy: (input) => deleteRolePolicy(roles, input),
      DetachRolePolicy: (input) => detachRolePolicy(roles, input),
      GetRole: (input) => getRole(roles, input),
      GetRolePolicy: (input) => getRolePolicy(roles, input),
      ListAttachedRolePolicies: (input) => listAttachedRolePolicies(roles, input),
      ListInstanceProfilesForRole: (input) => listInstanceProfilesForRole(roles, input),
      ListRolePolicies: (input) => listRolePolicies(roles, input),
      ListRoles: (input) => listRoles(roles, input),
      PutRolePolicy: (input) => putRolePolicy(roles, input),
    },
    notImplemented,
    managedPolicy: () => undefined,
    roleOf(arn) {
      const role = roles.find(arn.slice(arn.lastIndexOf("/") + 1));
      if (role?.arn !== arn) return undefined;
      const { policies, attached, boundary, trustPolicy: trust } = role;
      return { inline: [...policies.values()], attached: [...attached], boundary, trust };
    },
  };
}
