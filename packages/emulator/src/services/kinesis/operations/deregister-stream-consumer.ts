import type { DeregisterStreamConsumerInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { consumerOf } from "../consumers.ts";
import { consumerNotActive } from "../errors.ts";
import type { KinesisState } from "../state/kinesis-state.ts";

export function deregisterStreamConsumer(
  state: KinesisState,
  input: DeregisterStreamConsumerInput,
  call: CallContext,
): void {
  const { stream, consumer } = consumerOf(state, input, call);
  // Assumed: one that is CREATING may be deregistered, as a stream may be deleted.
  if (consumer.status === "DELETING") throw consumerNotActive(consumer, stream.name, call.accountId);
  state.removeConsumer(stream, consumer);
}
