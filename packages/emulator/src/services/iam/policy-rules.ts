import type { Policy, PolicyVersion as PolicyVersionOutput, Tag } from "@aws-sdk/client-iam";
import { required } from "../required-member.ts";
import type { IamParts } from "./iam-parts.ts";
import { iamError } from "./iam-error.ts";
import { encodedDocument } from "./role-rules.ts";
import type { ManagedPolicy, PolicyVersion } from "./state/policies.ts";
import type { Roles } from "./state/roles.ts";

/** The policy of that ARN, or AWS's error. AWS's own policies are not here: they can be attached, but not read. */
export function existingPolicy({ policies }: Pick<IamParts, "policies">, arn: string | undefined): ManagedPolicy {
  const wanted = required(arn, "PolicyArn");
  const policy = policies.find(wanted);
  // Assumed: the text.
  if (policy === undefined) throw iamError("NoSuchEntityException", `Policy ${wanted} was not found.`);
  return policy;
}

/** A version of a policy, or AWS's error. */
export function existingPolicyVersion(policy: ManagedPolicy, id: string | undefined): PolicyVersion {
  const wanted = required(id, "VersionId");
  const version = policy.versions.find((one) => one.id === wanted);
  // Assumed: the text.
  if (version === undefined)
    throw iamError(
      "NoSuchEntityException",
      `Policy ${policy.arn} version ${wanted} does not exist or is not attachable.`,
    );
  return version;
}

/** The names of the roles that a policy is attached to. */
export function rolesWith(roles: Roles, { arn }: ManagedPolicy): { readonly name: string; readonly id: string }[] {
  return roles.list().filter(({ attached }) => attached.has(arn));
}

/** A policy as lists have it. AWS: without description and tags (AWS docs, ListPolicies). */
export function describePolicy(roles: Roles, policy: ManagedPolicy): Policy {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: rolesWith(roles, policy).length,
    PermissionsBoundaryUsageCount: roles.list().filter(({ boundary }) => boundary === policy.arn).length,
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
  };
}

/** As GetPolicy shows it. */
export function describeWholePolicy(roles: Roles, policy: ManagedPolicy): Policy {
  const Tags = policy.tags.length === 0 ? undefined : [...policy.tags];
  return { ...describePolicy(roles, policy), Description: policy.description, Tags };
}

/** Without its document. */
export function describePolicyVersion(policy: ManagedPolicy, { id, createdAt }: PolicyVersion): PolicyVersionOutput {
  return { VersionId: id, IsDefaultVersion: id === policy.defaultVersion, CreateDate: new Date(createdAt) };
}

export function describeWholePolicyVersion(policy: ManagedPolicy, version: PolicyVersion): PolicyVersionOutput {
  return { Document: encodedDocument(version.document), ...describePolicyVersion(policy, version) };
}

/** `tags` with those of `added`, of which the last of a key counts. */
export function withTags(tags: readonly Tag[], added: readonly Tag[]): Tag[] {
  const byKey = new Map([...tags, ...added].map((tag) => [tag.Key, tag]));
  // AWS: 50 tags at most (AWS docs, IAM quotas). Assumed: the text.
  if (byKey.size > 50) throw iamError("LimitExceededException", "The number of tags has reached the maximum limit.");
  return [...byKey.values()];
}

export function withoutTags(tags: readonly Tag[], keys: readonly string[]): Tag[] {
  return tags.filter(({ Key: key = "" }) => !keys.includes(key));
}
