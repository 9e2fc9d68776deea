import type { DeleteStreamInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { streamHasConsumers, streamNotActive } from "../errors.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { streamOf } from "../stream-address.ts";

/** AWS: a stream may be deleted while it is CREATING (kinesalite's suite). */
export function deleteStream(state: KinesisState, input: DeleteStreamInput, call: CallContext): void {
  const stream = streamOf(state, input, call);
  if (stream.status === "DELETING") throw streamNotActive(stream.name, call.accountId, stream.status);
  if (stream.consumers.size > 0 && input.EnforceConsumerDeletion !== true)
    throw streamHasConsumers(stream.name, call.accountId);
  state.remove(stream);
}
