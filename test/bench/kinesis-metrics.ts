import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { batchSize, createClient, iteratorOf, putRecordBody, putRecordsBody } from "./kinesis-client.ts";
import type { Client } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import type { ProcessUnderTest, ServerName } from "./process-under-test.ts";
import { callsPerSecond, medianDuration } from "./statistics.ts";

type Servers = Readonly<Record<ServerName, ProcessUnderTest>>;

interface Target {
  readonly name: ServerName;
  readonly server: ProcessUnderTest;
  readonly client: Client;
}

const stream = "bench";
const shards = 4;
const callers = 32;
const data = Buffer.alloc(1024, "LocalEmu");

/** The paths in and out of a stream, each beside a server that only parses and replies. */
export async function measureKinesis(
  servers: Servers,
  order: readonly ServerName[],
  effort: Effort,
): Promise<Sample[]> {
  const targets = order.map((name): Target => ({
    name,
    server: servers[name],
    client: createClient(servers[name].endpoint),
  }));
  try {
    for (const { name, client } of targets) if (name === "emulator") await createStream(client, stream);
    const calls = { count: effort.calls, warmUp: effort.calls };
    const put = await compare(targets, ({ client: own }) =>
      medianDuration((i) => own.call("PutRecord", putRecordBody(stream, i)), calls),
    );
    const sdk = await compare(targets, ({ server }) => sdkPutDuration(server, effort));
    const concurrent = await compare(targets, (target) => concurrentPuts(target, effort));
    const batches = await compare(targets, (target) => putBatches(target, effort));
    const drain = await compare(targets, (target) => drainRate(target, effort));
    const visible = await compare(targets, (target) => putToVisible(target, effort));
    const against = "bare server";
    return [
      { metric: "PutRecord, 1 caller, p50", unit: "ms", against, ...put },
      { metric: "PutRecord, SDK's default client, p50", unit: "ms", against, ...sdk },
      { metric: `PutRecord, ${callers} callers`, unit: "calls/s", against, ...pick(concurrent, ({ rate }) => rate) },
      { metric: "PutRecord, processor time", unit: "µs/call", against, ...pick(concurrent, ({ cpu }) => cpu) },
      { metric: `PutRecords of ${batchSize}`, unit: "records/s", against, ...batches },
      { metric: "GetRecords from TRIM_HORIZON", unit: "records/s", against, ...drain },
      { metric: "put to visible, p50", unit: "ms", against, ...visible },
    ];
  } finally {
    for (const { client } of targets) client.close();
  }
}

type Both<Value> = Readonly<Record<ServerName, Value>>;

async function compare<Value>(
  targets: readonly Target[],
  measure: (target: Target) => Promise<Value>,
): Promise<Both<Value>> {
  const found = new Map<ServerName, Value>();
  for (const target of targets) found.set(target.name, await measure(target));
  const emulator = found.get("emulator");
  const yardstick = found.get("yardstick");
  if (emulator === undefined || yardstick === undefined) throw new Error("both servers must be measured");
  return { emulator, yardstick };
}

function pick<Value>({ emulator, yardstick }: Both<Value>, part: (value: Value) => number): Both<number> {
  return { emulator: part(emulator), yardstick: part(yardstick) };
}

async function createStream(client: Client, name: string, shardCount = shards): Promise<void> {
  await client.call("CreateStream", JSON.stringify({ StreamName: name, ShardCount: shardCount }));
}

async function sdkPutDuration({ endpoint }: ProcessUnderTest, { calls }: Effort): Promise<number> {
  const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };
  const client = new KinesisClient({ endpoint, region: "us-east-1", credentials });
  const put = (index: number): Promise<unknown> =>
    client.send(new PutRecordCommand({ StreamName: stream, Data: data, PartitionKey: `key-${index}` }));
  try {
    return await medianDuration(put, { count: calls / 2, warmUp: calls / 2 });
  } finally {
    client.destroy();
  }
}

interface Load {
  readonly rate: number;
  /** Processor time of the server in microseconds for each call; NaN where the system does not tell. */
  readonly cpu: number;
}

async function concurrentPuts({ server, client }: Target, { concurrentCalls: count }: Effort): Promise<Load> {
  const before = server.cpuTime() ?? Number.NaN;
  const rate = await callsPerSecond((i) => client.call("PutRecord", putRecordBody(stream, i)), { callers, count });
  return { rate, cpu: ((server.cpuTime() ?? Number.NaN) - before) / count };
}

async function putBatches({ client }: Target, { batches }: Effort): Promise<number> {
  const put = (index: number): Promise<Buffer> => client.call("PutRecords", putRecordsBody(stream, index * batchSize));
  await callsPerSecond(put, { callers: 2, count: batches / 5 });
  return (await callsPerSecond(put, { callers: 2, count: batches })) * batchSize;
}

/** A record of 1 KiB takes this many bytes of a reply. */
const recordBytes = 1520;
const page = 2000;

/** Reads what a fresh stream holds, in pages. The yardstick sends as many bytes without having looked for them. */
async function drainRate({ name, client }: Target, { batches }: Effort): Promise<number> {
  const total = batches * batchSize;
  if (name === "yardstick") {
    const headers = { "x-reply-bytes": page * recordBytes };
    const pages = { callers: 1, count: Math.ceil(total / page) };
    return (await callsPerSecond(() => client.call("GetRecords", "{}", headers), pages)) * page;
  }
  const full = "drain";
  await createStream(client, full);
  for (let batch = 0; batch < batches; batch++)
    await client.call("PutRecords", putRecordsBody(full, batch * batchSize));
  const reading: Reading = { records: 0, ms: 0 };
  for (let shard = 0; shard < shards; shard++) await readShard(client, full, shard, reading);
  if (reading.records !== total) throw new Error(`${reading.records} records came back of ${total}`);
  await client.call("DeleteStream", JSON.stringify({ StreamName: full }));
  return (reading.records / reading.ms) * 1000;
}

interface Page {
  readonly NextShardIterator: string;
  readonly Records: readonly unknown[];
}

interface Reading {
  records: number;
  /** Time that the calls took, without what this process did with their replies. */
  ms: number;
}

async function readShard(client: Client, name: string, shard: number, reading: Reading): Promise<void> {
  let iterator = await iteratorOf(client, name, shard);
  for (;;) {
    const begin = performance.now();
    const reply = await client.call("GetRecords", JSON.stringify({ ShardIterator: iterator, Limit: page }));
    reading.ms += performance.now() - begin;
    const { NextShardIterator, Records }: Page = JSON.parse(reply.toString("latin1"));
    if (Records.length === 0) return;
    reading.records += Records.length;
    iterator = NextShardIterator;
  }
}

async function putToVisible({ name, client }: Target, { calls }: Effort): Promise<number> {
  const own = "visible";
  if (name === "emulator") await createStream(client, own, 1);
  let iterator = name === "emulator" ? await iteratorOf(client, own, 0) : "";
  const putAndGet = async (index: number): Promise<void> => {
    await client.call("PutRecord", putRecordBody(own, index));
    const reply: Partial<Page> = JSON.parse(
      (await client.call("GetRecords", `{"ShardIterator":"${iterator}"}`)).toString(),
    );
    if (name === "yardstick") return;
    if (reply.Records?.length !== 1) throw new Error("the record is not visible at once");
    iterator = reply.NextShardIterator ?? "";
  };
  return medianDuration(putAndGet, { count: calls / 2, warmUp: calls / 5 });
}
