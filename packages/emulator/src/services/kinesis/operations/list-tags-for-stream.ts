import type { ListTagsForStreamInput, ListTagsForStreamOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { streamOf } from "../stream-address.ts";
import { describeTags } from "../tags.ts";

export function listTagsForStream(
  state: KinesisState,
  input: ListTagsForStreamInput,
  call: CallContext,
): ListTagsForStreamOutput {
  const { ExclusiveStartTagKey: start = "", Limit: limit } = input;
  const tags = describeTags(streamOf(state, input, call).tags).filter(({ Key: key = "" }) => key > start);
  const page = tags.slice(0, limit);
  return { Tags: page, HasMoreTags: page.length < tags.length };
}
