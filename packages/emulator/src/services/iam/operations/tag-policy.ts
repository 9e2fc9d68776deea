import type { TagPolicyRequest } from "@aws-sdk/client-iam";
import type { IamParts } from "../iam-parts.ts";
import { required } from "../../required-member.ts";
import { existingPolicy, withTags } from "../policy-rules.ts";

export function tagPolicy(parts: IamParts, input: TagPolicyRequest): void {
  const policy = existingPolicy(parts, input.PolicyArn);
  parts.policies.put({ ...policy, tags: withTags(policy.tags, required(input.Tags, "Tags")) });
}
