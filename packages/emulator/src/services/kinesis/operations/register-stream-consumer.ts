import type { RegisterStreamConsumerInput, RegisterStreamConsumerOutput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { describeConsumer } from "../consumers.ts";
import { consumerExists, limitExceeded, required } from "../errors.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { secondsOf } from "../state/shard.ts";
import { StreamConsumer } from "../state/stream-consumer.ts";
import type { Stream } from "../state/stream.ts";
import { describeCommitment } from "../state/throughput-commitment.ts";
import { activeStreamOf } from "../stream-address.ts";
import { assertTagCharacters } from "../tags.ts";

/** AWS: the documented quotas of a stream, without and with the commitment, and of those that are CREATING. */
const consumerLimit = 20;
const committedConsumerLimit = 50;
const creatingAtOnce = 5;

export function registerStreamConsumer(
  state: KinesisState,
  input: RegisterStreamConsumerInput,
  call: CallContext,
): RegisterStreamConsumerOutput {
  const name = required(input.ConsumerName, "consumerName");
  const stream = activeStreamOf(state, { StreamARN: required(input.StreamARN, "streamARN") }, call);
  if (stream.consumers.has(name)) throw consumerExists(name, stream.name, call.accountId);
  assertConsumerLimits(state, stream, call);
  const tags = input.Tags ?? {};
  assertTagCharacters(Object.entries(tags).flat(), { words: `add tags to consumer ${name}`, byArn: true });
  const consumer = new StreamConsumer(name, stream.arn, secondsOf(state.now()), new Map(Object.entries(tags)));
  // AWS: the reply says CREATING (LocalStack's suite, recorded on AWS), also where that is over at once.
  const description = describeConsumer(consumer);
  state.addConsumer(stream, consumer);
  return { Consumer: description };
}

/** Assumed: both texts. */
function assertConsumerLimits(state: KinesisState, stream: Stream, { accountId }: CallContext): void {
  const consumers = [...stream.consumers.values()];
  const committed = describeCommitment(state.commitmentOf(stream.region), state.now()).status !== "DISABLED";
  const limit = committed ? committedConsumerLimit : consumerLimit;
  const where = `stream ${stream.name} under account ${accountId}`;
  if (consumers.length >= limit)
    throw limitExceeded(`This request would exceed the limit on the number of consumers of ${where}. Limit: ${limit}.`);
  if (consumers.filter(({ status }) => status === "CREATING").length < creatingAtOnce) return;
  throw limitExceeded(
    `This request would exceed the limit on the number of consumers that can simultaneously be in CREATING for ${where}. ` +
      `Limit: ${creatingAtOnce}.`,
  );
}
