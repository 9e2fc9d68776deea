import type { Consumer } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../protocols/operations.ts";
import { consumerNotFound, invalidArgument, required } from "./errors.ts";
import { resourceOf } from "./resource.ts";
import type { KinesisState } from "./state/kinesis-state.ts";
import type { StreamConsumer } from "./state/stream-consumer.ts";
import type { Stream } from "./state/stream.ts";
import { streamOf } from "./stream-address.ts";

/** The members by which an operation names a consumer. */
export interface ConsumerReference {
  readonly StreamARN?: string | undefined;
  readonly ConsumerName?: string | undefined;
  readonly ConsumerARN?: string | undefined;
}

/** The consumer of a call, in whatever state; throws when there is none. */
export function consumerOf(
  state: KinesisState,
  input: ConsumerReference,
  call: CallContext,
): { readonly stream: Stream; readonly consumer: StreamConsumer } {
  const { StreamARN: streamArn, ConsumerName: name, ConsumerARN: arn } = input;
  if (arn === undefined) {
    const stream = streamOf(state, { StreamARN: required(streamArn, "streamARN") }, call);
    const consumer = stream.consumers.get(required(name, "consumerName"));
    if (consumer === undefined) throw consumerNotFound(name ?? "", call.accountId);
    return { stream, consumer };
  }
  const { stream, target: consumer, kind } = resourceOf(state, arn);
  if (kind === "stream") throw consumerNotFound(arn, call.accountId);
  // AWS: names that contradict each other are refused (AWS docs). Assumed: the text.
  if ((streamArn !== undefined && streamArn !== stream.arn) || (name !== undefined && name !== consumer.name))
    throw invalidArgument(`ConsumerARN ${arn} does not match the given StreamARN and ConsumerName.`);
  return { stream, consumer };
}

export function describeConsumer(consumer: StreamConsumer): Consumer {
  return {
    ConsumerName: consumer.name,
    ConsumerARN: consumer.arn,
    ConsumerStatus: consumer.status,
    ConsumerCreationTimestamp: new Date(consumer.createdAt),
  };
}
