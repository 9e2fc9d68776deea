import type { SubscribeToShardInput, SubscribeToShardOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { consumerOf } from "../consumers.ts";
import { anotherSubscription, consumerNotReady, dryRun } from "../errors.ts";
import { startingPosition } from "../starting-position.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { shardOf } from "../stream-address.ts";
import { Subscription } from "../subscription.ts";

/** AWS: so long nobody else can take a subscription over (AWS docs). */
const safeMs = 5000;

export function subscribeToShard(
  state: KinesisState,
  input: SubscribeToShardInput,
  call: CallContext,
): SubscribeToShardOutput {
  const { stream, consumer } = consumerOf(state, { ConsumerARN: input.ConsumerARN }, call);
  if (consumer.status !== "ACTIVE") throw consumerNotReady(consumer, stream.name, call.accountId);
  const { shard } = shardOf(state, { StreamARN: stream.arn, ShardId: input.ShardId }, call);
  const now = state.now();
  const { Type: type, SequenceNumber: sequenceNumber, Timestamp: timestamp } = input.StartingPosition ?? {};
  const position = startingPosition({ type, sequenceNumber, timestamp }, stream, shard, now, call.accountId);
  if (input.DryRun) throw dryRun();

  const another = anotherSubscription(call.accountId, stream.name, shard.id, consumer.name);
  const before = consumer.subscriptions.get(shard.index);
  if (before !== undefined && now < before.since + safeMs) throw another;
  before?.end(another);
  const subscription = new Subscription({ state, stream, shard, consumer, position, call });
  consumer.subscriptions.set(shard.index, subscription);
  return { EventStream: subscription.events() };
}
