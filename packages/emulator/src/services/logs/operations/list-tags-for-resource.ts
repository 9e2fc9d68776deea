import type { ListTagsForResourceRequest, ListTagsForResourceResponse } from "@aws-sdk/client-cloudwatch-logs";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { taggedGroup } from "../log-tags.ts";
import type { LogParts } from "../log-tags.ts";

export function listTagsForResource(
  parts: LogParts,
  input: ListTagsForResourceRequest,
  call: CallContext,
): ListTagsForResourceResponse {
  const group = taggedGroup(parts, call.region, required(input.resourceArn, "resourceArn"));
  return { tags: { ...parts.settings.get(group).tags } };
}
