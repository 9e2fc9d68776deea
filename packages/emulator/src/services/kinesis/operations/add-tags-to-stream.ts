import type { AddTagsToStreamInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../errors.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { streamOf } from "../stream-address.ts";
import { addTags } from "../tags.ts";

export function addTagsToStream(state: KinesisState, input: AddTagsToStreamInput, call: CallContext): void {
  const stream = streamOf(state, input, call);
  const words = `add tags to stream ${stream.name} under account ${call.accountId}`;
  addTags(stream.tags, required(input.Tags, "tags"), { words, byArn: false });
  state.keep(stream);
}
