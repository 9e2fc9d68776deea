import type { ListPolicyTagsRequest, ListPolicyTagsResponse } from "@aws-sdk/client-iam";
import type { IamParts } from "../iam-parts.ts";
import { pageOf } from "../page.ts";
import { existingPolicy } from "../policy-rules.ts";

/** By key. */
export function listPolicyTags(parts: IamParts, input: ListPolicyTagsRequest): ListPolicyTagsResponse {
  const { items, more } = pageOf(existingPolicy(parts, input.PolicyArn).tags, ({ Key: key = "" }) => key, input);
  return { Tags: items, ...more };
}
