import type { ListTagsRequest, ListTagsResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { FindTagged } from "../tagged-resources.ts";

export function listTags(find: FindTagged, input: ListTagsRequest, call: CallContext): ListTagsResponse {
  return { Tags: { ...find(required(input.Resource, "Resource"), call.region).tags } };
}
