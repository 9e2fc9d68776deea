import type { CreatePolicyVersionRequest, CreatePolicyVersionResponse } from "@aws-sdk/client-iam";
import { required } from "../../required-member.ts";
import { iamError } from "../iam-error.ts";
import type { IamParts } from "../iam-parts.ts";
import { describePolicyVersion, existingPolicy } from "../policy-rules.ts";
import { refuseMalformed } from "../role-rules.ts";

// AWS: AWS docs, CreatePolicyVersion.
const mostVersions = 5;

export function createPolicyVersion(parts: IamParts, input: CreatePolicyVersionRequest): CreatePolicyVersionResponse {
  const policy = existingPolicy(parts, input.PolicyArn);
  const document = required(input.PolicyDocument, "PolicyDocument");
  refuseMalformed(document);
  // Assumed: the text.
  if (policy.versions.length >= mostVersions)
    throw iamError(
      "LimitExceededException",
      `A managed policy can have up to ${mostVersions} versions. Before you create a new version, you must delete an existing version.`,
    );
  const versionsMade = policy.versionsMade + 1;
  const version = { id: `v${versionsMade}`, document, createdAt: parts.ports.clock.now() };
  const changed = {
    ...policy,
    versions: [...policy.versions, version],
    defaultVersion: input.SetAsDefault === true ? version.id : policy.defaultVersion,
    updatedAt: version.createdAt,
    versionsMade,
  };
  parts.policies.put(changed);
  return { PolicyVersion: describePolicyVersion(changed, version) };
}
