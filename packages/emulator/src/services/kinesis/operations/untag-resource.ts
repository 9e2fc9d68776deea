import type { UntagResourceInput } from "@aws-sdk/client-kinesis";
import { required } from "../errors.ts";
import { resourceOf } from "../resource.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { removeTags } from "../tags.ts";

/** Assumed: the texts are those of RemoveTagsFromStream. */
export function untagResource(state: KinesisState, input: UntagResourceInput): void {
  const arn = required(input.ResourceARN, "resourceARN");
  const { stream, target } = resourceOf(state, arn);
  removeTags(target.tags, required(input.TagKeys, "tagKeys"), {
    words: `remove tags from resource ${arn}`,
    byArn: true,
  });
  state.keep(stream);
}
