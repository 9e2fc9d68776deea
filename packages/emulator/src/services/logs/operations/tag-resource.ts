import type { TagResourceRequest } from "@aws-sdk/client-cloudwatch-logs";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { addTags, taggedGroup } from "../log-tags.ts";
import type { LogParts } from "../log-tags.ts";

export function tagResource(parts: LogParts, input: TagResourceRequest, call: CallContext): void {
  const tags = required(input.tags, "tags");
  addTags(parts, taggedGroup(parts, call.region, required(input.resourceArn, "resourceArn")), tags);
}
