import type { ListTagsForResourceInput, ListTagsForResourceOutput } from "@aws-sdk/client-kinesis";
import { required } from "../errors.ts";
import { resourceOf } from "../resource.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { describeTags } from "../tags.ts";

export function listTagsForResource(state: KinesisState, input: ListTagsForResourceInput): ListTagsForResourceOutput {
  const { target } = resourceOf(state, required(input.ResourceARN, "resourceARN"));
  return { Tags: describeTags(target.tags) };
}
