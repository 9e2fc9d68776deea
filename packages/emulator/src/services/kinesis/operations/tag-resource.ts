import type { TagResourceInput } from "@aws-sdk/client-kinesis";
import { required } from "../errors.ts";
import { resourceOf } from "../resource.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { addTags } from "../tags.ts";

/** Assumed: the texts are those of AddTagsToStream. */
export function tagResource(state: KinesisState, input: TagResourceInput): void {
  const arn = required(input.ResourceARN, "resourceARN");
  const { stream, target } = resourceOf(state, arn);
  addTags(target.tags, required(input.Tags, "tags"), { words: `add tags to resource ${arn}`, byArn: true });
  state.keep(stream);
}
