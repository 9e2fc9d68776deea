import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DeregisterStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  RegisterStreamConsumerCommand,
  SplitShardCommand,
  SubscribeToShardCommand,
} from "@aws-sdk/client-kinesis";
import type { Shard } from "@aws-sdk/client-kinesis";
import { clientsOf } from "../emulator/emulator.ts";
import { every } from "./calls.ts";
import { makeFunction, makeMapping, pickyHandler, poison, removeFunction, removeMapping } from "./make-function.ts";
import type { Bench, Work } from "./work.ts";

interface Poisoned {
  readonly ShardId?: string | undefined;
  readonly SequenceNumber?: string | undefined;
}

/** What a destination is told of a batch that failed. */
interface Report {
  readonly KinesisBatchInfo: {
    readonly shardId: string;
    readonly startSequenceNumber: string;
    readonly endSequenceNumber: string;
  };
}

/** Puts, reads, subscriptions that come and go and reshards, beside a mapping whose function refuses some of the records. */
export function streams({ name, emu, calls, random }: Bench): Work {
  const { lambda, logs } = clientsOf(emu, { maxAttempts: 1 });
  const kinesis = new KinesisClient({ ...emu.getKinesisClientConfig(), maxAttempts: 1 });
  const StreamName = `${name}-stream`;
  let streamArn = "";
  let mapping = "";
  let poisoned: Poisoned[] = [];
  let consumers = 0;

  const nextRecord = () => {
    const text = random() < 0.02 ? poison : `record ${random()}`;
    return { PartitionKey: String(random()), Data: Buffer.from(text.padEnd(200)), isPoison: text === poison };
  };

  async function put(): Promise<void> {
    const { isPoison, ...record } = nextRecord();
    const answer = await calls.measure("PutRecord", () =>
      kinesis.send(new PutRecordCommand({ StreamName, ...record })),
    );
    if (answer !== undefined && isPoison) poisoned.push({ ...pick(answer) });
  }

  async function putMany(): Promise<void> {
    const records = Array.from({ length: 10 }, nextRecord);
    const Records = records.map(({ PartitionKey, Data }) => ({ PartitionKey, Data }));
    const answer = await calls.measure("PutRecords", () =>
      kinesis.send(new PutRecordsCommand({ StreamName, Records })),
    );
    answer?.Records?.forEach((result, index) => {
      if (result.ErrorCode === undefined && records[index]?.isPoison === true) poisoned.push(pick(result));
    });
  }

  async function shards(): Promise<readonly Shard[]> {
    const { Shards = [] } =
      (await calls.measure("ListShards", () =>
        kinesis.send(new ListShardsCommand({ StreamName, ShardFilter: { Type: "AT_LATEST" } })),
      )) ?? {};
    return Shards;
  }

  async function read(): Promise<void> {
    const shard = (await shards())[0];
    if (shard === undefined) return;
    const { ShardIterator } =
      (await calls.measure("GetShardIterator", () =>
        kinesis.send(
          new GetShardIteratorCommand({ StreamName, ShardId: shard.ShardId, ShardIteratorType: "TRIM_HORIZON" }),
        ),
      )) ?? {};
    await calls.measure("GetRecords", () => kinesis.send(new GetRecordsCommand({ ShardIterator, Limit: 100 })));
  }

  async function subscribe(): Promise<void> {
    const shard = (await shards())[0];
    const ConsumerName = `${name}-${consumers++}`;
    const consumer = { StreamARN: streamArn, ConsumerName };
    const { Consumer } =
      (await calls.measure("RegisterStreamConsumer", () =>
        kinesis.send(new RegisterStreamConsumerCommand(consumer)),
      )) ?? {};
    if (Consumer === undefined) return;
    await calls.measure("SubscribeToShard", async () => {
      const { EventStream = [] } = await kinesis.send(
        new SubscribeToShardCommand({
          ConsumerARN: Consumer.ConsumerARN,
          ShardId: shard?.ShardId,
          StartingPosition: { Type: "TRIM_HORIZON" },
        }),
      );
      // The first event is enough: the subscription ends with the loop.
      for await (const event of EventStream) if (event.SubscribeToShardEvent !== undefined) break;
    });
    await calls.measure("DeregisterStreamConsumer", () => kinesis.send(new DeregisterStreamConsumerCommand(consumer)));
  }

  /** Splits a shard and merges its children again, so that there are always as many. */
  async function reshard(): Promise<void> {
    const open = await shards();
    const [shard] = open;
    const { StartingHashKey: from, EndingHashKey: to } = shard?.HashKeyRange ?? {};
    if (shard === undefined || from === undefined || to === undefined) return;
    const middle = (BigInt(from) + BigInt(to)) / 2n;
    await calls.measure("SplitShard", () =>
      kinesis.send(
        new SplitShardCommand({ StreamName, ShardToSplit: shard.ShardId, NewStartingHashKey: String(middle) }),
      ),
    );
    const children = (await shards()).filter(({ ParentShardId }) => ParentShardId === shard.ShardId);
    const [ShardToMerge, AdjacentShardToMerge] = children.map(({ ShardId }) => ShardId);
    await calls.measure("MergeShards", () =>
      kinesis.send(new MergeShardsCommand({ StreamName, ShardToMerge, AdjacentShardToMerge })),
    );
  }

  return {
    async prepare() {
      poisoned = [];
      await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 2 }));
      const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
      streamArn = StreamDescriptionSummary?.StreamARN ?? "";
      const queue = await emu.createQueue(`${name}-dlq`);
      await makeFunction(lambda, name, pickyHandler);
      mapping = await makeMapping(lambda, {
        EventSourceArn: streamArn,
        FunctionName: name,
        StartingPosition: "TRIM_HORIZON",
        BatchSize: 50,
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 1,
        ParallelizationFactor: 2,
        DestinationConfig: { OnFailure: { Destination: queue.arn } },
      });
    },
    async run(until) {
      await Promise.all([
        every(40, until, put),
        every(200, until, putMany),
        every(200, until, read),
        every(500, until, subscribe),
        every(3000, until, reshard),
      ]);
    },
    async finish() {
      const messages = await emu.queue(`${name}-dlq`).messages();
      const reports = messages.map(({ body }): Report => JSON.parse(body));
      await removeMapping(lambda, mapping);
      await removeFunction(lambda, logs, name);
      await kinesis.send(new DeleteStreamCommand({ StreamName }));
      await emu.control.call("sqs", "DeleteQueue", { QueueUrl: emu.queue(`${name}-dlq`).url });
      return poisoned
        .filter((record) => !reports.some((report) => tells(report, record)))
        .map(({ ShardId, SequenceNumber }) => `poison ${ShardId} ${SequenceNumber} was not reported`);
    },
  };
}

function pick({ ShardId, SequenceNumber }: Poisoned): Poisoned {
  return { ShardId, SequenceNumber };
}

function tells({ KinesisBatchInfo: batch }: Report, { ShardId, SequenceNumber = "0" }: Poisoned): boolean {
  const number = BigInt(SequenceNumber);
  return (
    batch.shardId === ShardId &&
    BigInt(batch.startSequenceNumber) <= number &&
    number <= BigInt(batch.endSequenceNumber)
  );
}
