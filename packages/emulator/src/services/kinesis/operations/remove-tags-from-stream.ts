import type { RemoveTagsFromStreamInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../errors.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { streamOf } from "../stream-address.ts";
import { removeTags } from "../tags.ts";

/** AWS: keys that there are no tags of are passed over (kinesalite's suite). */
export function removeTagsFromStream(state: KinesisState, input: RemoveTagsFromStreamInput, call: CallContext): void {
  const stream = streamOf(state, input, call);
  const words = `remove tags from stream ${stream.name} under account ${call.accountId}`;
  removeTags(stream.tags, required(input.TagKeys, "tagKeys"), { words, byArn: false });
  state.keep(stream);
}
