import type { UntagPolicyRequest } from "@aws-sdk/client-iam";
import type { IamParts } from "../iam-parts.ts";
import { required } from "../../required-member.ts";
import { existingPolicy, withoutTags } from "../policy-rules.ts";

export function untagPolicy(parts: IamParts, input: UntagPolicyRequest): void {
  const policy = existingPolicy(parts, input.PolicyArn);
  parts.policies.put({ ...policy, tags: withoutTags(policy.tags, required(input.TagKeys, "TagKeys")) });
}
