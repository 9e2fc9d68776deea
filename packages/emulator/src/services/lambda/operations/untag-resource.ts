import type { UntagResourceRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { FindTagged } from "../tagged-resources.ts";
import { withoutTags } from "../tags.ts";

/** Keys that are not there are passed over. */
export function untagResource(find: FindTagged, input: UntagResourceRequest, call: CallContext): void {
  const resource = find(required(input.Resource, "Resource"), call.region);
  resource.replaceTags(withoutTags(resource.tags, required(input.TagKeys, "TagKeys")));
}
