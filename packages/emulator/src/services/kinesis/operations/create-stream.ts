import type { CreateStreamInput } from "@aws-sdk/client-kinesis";
import { streamArn } from "../../../core/arns.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { assertOnDemandLimit, assertShardLimit } from "../account-limits.ts";
import { limitExceeded, mustNotBeNull, required, streamExists, validationFailed } from "../errors.ts";
import { assertWarmThroughput, autoNeedsOnDemand } from "../on-demand.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { Stream } from "../state/stream.ts";
import type { NewStream, StreamMode } from "../state/stream.ts";

/** AWS: documented; an on-demand stream begins with four shards. */
const onDemandShards = 4;
const defaultMaxRecordSizeInKiB = 1024;
const changingAtOnce = 5;

export function createStream(state: KinesisState, input: CreateStreamInput, call: CallContext): void {
  const name = required(input.StreamName, "streamName");
  const { region, accountId } = call;
  const mode = modeOf(input);
  const shardCount = shardCountOf(input, mode);
  const distribution = input.RecordDistributionStrategy ?? "USER_PARTITION_KEY";
  if (distribution === "AUTO" && mode === "PROVISIONED") throw autoNeedsOnDemand();
  if (input.WarmThroughputMiBps) assertWarmThroughput(state, region, mode);
  if (state.find(region, name) !== undefined) throw streamExists(name, accountId);
  checkLimits(state, mode, shardCount, call);
  const stream = newStream(state, {
    name,
    region,
    mode,
    shardCount,
    maxRecordSizeInKiB: input.MaxRecordSizeInKiB ?? defaultMaxRecordSizeInKiB,
    distribution,
    warmThroughputMiBps: input.WarmThroughputMiBps || undefined,
    tags: new Map(Object.entries(input.Tags ?? {})),
  });
  state.add(stream);
}

/** Adds a provisioned stream that is ACTIVE at once, for which no limits hold. */
export function addInitialStream(state: KinesisState, name: string, region: string, shardCount: number): void {
  const stream = newStream(state, {
    name,
    region,
    mode: "PROVISIONED",
    shardCount,
    maxRecordSizeInKiB: defaultMaxRecordSizeInKiB,
    distribution: "USER_PARTITION_KEY",
    warmThroughputMiBps: undefined,
    tags: new Map(),
  });
  state.add(stream, 0);
}

function newStream(state: KinesisState, stream: Omit<NewStream, "id" | "arn" | "now" | "openLog">): Stream {
  const { name, region, shardCount } = stream;
  const { ids, openLog, record } = state.ports;
  record({ type: "stream.created", stream: name, region, shards: shardCount });
  return new Stream({ ...stream, id: ids.uuid(), arn: streamArn(region, name), now: state.now(), openLog });
}

/** AWS: a call with nothing but a name gives four shards (LocalStack's suite, recorded on AWS). Assumed: that is on-demand mode. */
function modeOf({ StreamModeDetails: details, ShardCount: shardCount }: CreateStreamInput): StreamMode {
  return details?.StreamMode ?? (shardCount === undefined ? "ON_DEMAND" : "PROVISIONED");
}

/** Assumed: on-demand mode ignores the shard count. */
function shardCountOf({ ShardCount: shardCount }: CreateStreamInput, mode: StreamMode): number {
  if (mode === "ON_DEMAND") return onDemandShards;
  if (shardCount === undefined) throw validationFailed([mustNotBeNull("shardCount")]);
  return shardCount;
}

function checkLimits(state: KinesisState, mode: StreamMode, shardCount: number, call: CallContext): void {
  const streams = state.streamsOf(call.region);
  if (streams.filter(({ status }) => status === "CREATING" || status === "DELETING").length >= changingAtOnce) {
    // AWS: with two blanks (hashicorp/terraform-provider-aws#1339).
    throw limitExceeded(
      "This request would have exceed the limit on the number  of streams that can simultaneously be in CREATING or " +
        `DELETING for the account ${call.accountId}. Limit: ${changingAtOnce}.`,
    );
  }
  if (mode === "ON_DEMAND") assertOnDemandLimit(state, call);
  else assertShardLimit(state, shardCount, call);
}
