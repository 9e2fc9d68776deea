import type { DeleteStreamInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { streamNotActive } from "../errors.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { streamOf } from "../stream-address.ts";

/** AWS: a stream may be deleted while it is CREATING (kinesalite's suite). */
export function deleteStream(state: KinesisState, input: DeleteStreamInput, call: CallContext): void {
  const stream = streamOf(state, input, call);
  if (stream.status === "DELETING") throw streamNotActive(stream.name, call.accountId, stream.status);
  state.remove(stream);
}
