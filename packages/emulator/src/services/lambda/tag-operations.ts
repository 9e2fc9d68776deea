import type * as sdk from "@aws-sdk/client-lambda";
import type { CallContext, OperationsOf, ServiceImplementation } from "../../protocols/operations.ts";
import { listTags } from "./operations/list-tags.ts";
import { tagResource } from "./operations/tag-resource.ts";
import { untagResource } from "./operations/untag-resource.ts";
import type { FindTagged } from "./tagged-resources.ts";

type Client = typeof sdk;

export type TagOperations = ServiceImplementation<
  Client,
  CallContext,
  Exclude<keyof OperationsOf<Client>, "ListTags" | "TagResource" | "UntagResource">
>;

/** What functions and event source mappings have in common. */
export function tagOperations(find: FindTagged): TagOperations {
  return {
    ListTags: (input, call) => listTags(find, input, call),
    TagResource: (input, call) => tagResource(find, input, call),
    UntagResource: (input, call) => untagResource(find, input, call),
  };
}
