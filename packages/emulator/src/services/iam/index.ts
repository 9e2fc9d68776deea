import type * as sdk from "@aws-sdk/client-iam";
import type { CallContext, ServiceImplementation } from "../../protocols/operations.ts";
import { notImplemented } from "./not-implemented.ts";
import { attachRolePolicy } from "./operations/attach-role-policy.ts";
import { createPolicyVersion } from "./operations/create-policy-version.ts";
import { createPolicy } from "./operations/create-policy.ts";
import { createRole } from "./operations/create-role.ts";
import { deletePolicyVersion } from "./operations/delete-policy-version.ts";
import { deletePolicy } from "./operations/delete-policy.ts";
import { deleteRolePermissionsBoundary } from "./operations/delete-role-permissions-boundary.ts";
import { deleteRolePolicy } from "./operations/delete-role-policy.ts";
import { deleteRole } from "./operations/delete-role.ts";
import { detachRolePolicy } from "./operations/detach-role-policy.ts";
import { getPolicyVersion } from "./operations/get-policy-version.ts";
import { getPolicy } from "./operations/get-policy.ts";
import { getRolePolicy } from "./operations/get-role-policy.ts";
import { getRole } from "./operations/get-role.ts";
import { listAttachedRolePolicies } from "./operations/list-attached-role-policies.ts";
import { listEntitiesForPolicy } from "./operations/list-entities-for-policy.ts";
import { listInstanceProfilesForRole } from "./operations/list-instance-profiles-for-role.ts";
import { listPolicies } from "./operations/list-policies.ts";
import { listPolicyTags } from "./operations/list-policy-tags.ts";
import { listPolicyVersions } from "./operations/list-policy-versions.ts";
import { listRolePolicies } from "./operations/list-role-policies.ts";
import { listRoleTags } from "./operations/list-role-tags.ts";
import { listRoles } from "./operations/list-roles.ts";
import { putRolePermissionsBoundary } from "./operations/put-role-permissions-boundary.ts";
import { putRolePolicy } from "./operations/put-role-policy.ts";
import { setDefaultPolicyVersion } from "./operations/set-default-policy-version.ts";
import { tagPolicy } from "./operations/tag-policy.ts";
import { tagRole } from "./operations/tag-role.ts";
import { untagPolicy } from "./operations/untag-policy.ts";
import { untagRole } from "./operations/untag-role.ts";
import { updateAssumeRolePolicy } from "./operations/update-assume-role-policy.ts";
import { updateRoleDescription } from "./operations/update-role-description.ts";
import { updateRole } from "./operations/update-role.ts";
import type { IamPorts } from "./ports.ts";
import { Policies } from "./state/policies.ts";
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
  const parts = { ports, roles, policies: new Policies(ports.documents) };
  return {
    operations: {
      AttachRolePolicy: (input) => attachRolePolicy(roles, input),
      CreatePolicy: (input, call) => createPolicy(parts, input, call),
      CreatePolicyVersion: (input) => createPolicyVersion(parts, input),
      CreateRole: (input, call) => createRole(roles, ports, input, call),
      DeletePolicy: (input) => deletePolicy(parts, input),
      DeletePolicyVersion: (input) => deletePolicyVersion(parts, input),
      DeleteRole: (input) => deleteRole(roles, input),
      DeleteRolePermissionsBoundary: (input) => deleteRolePermissionsBoundary(roles, input),
      DeleteRolePolicy: (input) => deleteRolePolicy(roles, input),
      DetachRolePolicy: (input) => detachRolePolicy(roles, input),
      GetPolicy: (input) => getPolicy(parts, input),
      GetPolicyVersion: (input) => getPolicyVersion(parts, input),
      GetRole: (input) => getRole(roles, input),
      GetRolePolicy: (input) => getRolePolicy(roles, input),
      ListAttachedRolePolicies: (input) => listAttachedRolePolicies(roles, input),
      ListEntitiesForPolicy: (input) => listEntitiesForPolicy(parts, input),
      ListInstanceProfilesForRole: (input) => listInstanceProfilesForRole(roles, input),
      ListPolicies: (input) => listPolicies(parts, input),
      ListPolicyTags: (input) => listPolicyTags(parts, input),
      ListPolicyVersions: (input) => listPolicyVersions(parts, input),
      ListRolePolicies: (input) => listRolePolicies(roles, input),
      ListRoleTags: (input) => listRoleTags(roles, input),
      ListRoles: (input) => listRoles(roles, input),
      PutRolePermissionsBoundary: (input) => putRolePermissionsBoundary(roles, input),
      PutRolePolicy: (input) => putRolePolicy(roles, input),
      SetDefaultPolicyVersion: (input) => setDefaultPolicyVersion(parts, input),
      TagPolicy: (input) => tagPolicy(parts, input),
      TagRole: (input) => tagRole(roles, input),
      UntagPolicy: (input) => untagPolicy(parts, input),
      UntagRole: (input) => untagRole(roles, input),
      UpdateAssumeRolePolicy: (input) => updateAssumeRolePolicy(roles, input),
      UpdateRole: (input) => updateRole(roles, input),
      UpdateRoleDescription: (input) => updateRoleDescription(roles, input),
    },
    notImplemented,
    managedPolicy(arn) {
      const policy = parts.policies.find(arn);
      return policy?.versions.find(({ id }) => id === policy.defaultVersion)?.document;
    },
    roleOf(arn) {
      const role = roles.find(arn.slice(arn.lastIndexOf("/") + 1));
      if (role?.arn !== arn) return undefined;
      const { policies, attached, boundary, trustPolicy: trust } = role;
      return { inline: [...policies.values()], attached: [...attached], boundary, trust };
    },
  };
}
