import type { UntagResourceRequest } from "@aws-sdk/client-cloudwatch-logs";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { taggedGroup } from "../log-tags.ts";
import type { LogParts } from "../log-tags.ts";

export function untagResource(parts: LogParts, input: UntagResourceRequest, call: CallContext): void {
  const removed = new Set(required(input.tagKeys, "tagKeys"));
  const group = taggedGroup(parts, call.region, required(input.resourceArn, "resourceArn"));
  const left = Object.entries(parts.settings.get(group).tags).filter(([key]) => !removed.has(key));
  parts.settings.change(group, { tags: Object.fromEntries(left) });
}
