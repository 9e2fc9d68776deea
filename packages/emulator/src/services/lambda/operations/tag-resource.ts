import type { TagResourceRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { invalidParameter } from "../lambda-error.ts";
import type { FindTagged } from "../tagged-resources.ts";
import { withTags } from "../tags.ts";

export function tagResource(find: FindTagged, input: TagResourceRequest, call: CallContext): void {
  const added = required(input.Tags, "Tags");
  // AWS: the text, before anything is looked for (recorded on AWS).
  if (Object.keys(added).length === 0) throw invalidParameter("An error occurred and the request cannot be processed.");
  const resource = find(required(input.Resource, "Resource"), call.region);
  resource.replaceTags(withTags(resource.tags, added));
}
