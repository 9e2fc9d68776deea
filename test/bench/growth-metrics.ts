import { batchSize, createClient, putRecordBody, putRecordsBody } from "./kinesis-client.ts";
import type { Client } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import { startServer } from "./process-under-test.ts";
import type { ProcessUnderTest } from "./process-under-test.ts";
import { callsPerSecond, medianDurations } from "./statistics.ts";

/** An emulator with a stream `bench`, from before it had anything. */
interface Filled extends AsyncDisposable {
  readonly server: ProcessUnderTest;
  readonly client: Client;
  /** Resident memory once it has served its first calls, MiB. */
  readonly idle: number;
}

const stream = "bench";
const usualShards = 4;
const few = 10_000;
const mebibyte = 1024 * 1024;
const smallData = Buffer.alloc(100, "LocalEmu").toString("base64");
/** What a key of these records takes, about. */
const keyBytes = 8;

/** What puts and memory become when much is kept. */
export async function measureGrowth(effort: Effort): Promise<Sample[]> {
  const large = await measureLarge(effort);
  const small = await measureSmall(effort);
  return [...large, ...small, await measureShards(effort), await measureStreams(effort)];
}

/** The memory that records of 1 KiB take beyond themselves. */
async function measureLarge(effort: Effort): Promise<Sample[]> {
  await using much = await startFilled();
  await fill(much, effort.keptLarge);
  const taken = (await settledMemory(much, effort)) - much.idle;
  const data = (effort.keptLarge * (1024 + keyBytes)) / mebibyte;
  const metric = `memory of ${effort.keptLarge} records of 1 KiB`;
  return [{ metric, unit: "MiB", emulator: taken, against: "data and keys", yardstick: data }];
}

async function measureSmall(effort: Effort): Promise<Sample[]> {
  await using much = await startFilled();
  await fill(much, effort.keptSmall, smallData);
  const taken = (await settledMemory(much, effort)) - much.idle;
  return [
    {
      metric: `memory of ${effort.keptSmall} records of 100 B`,
      unit: "B/record",
      emulator: (taken * mebibyte) / effort.keptSmall,
      against: "data and key",
      yardstick: 100 + keyBytes,
    },
    await comparePuts(`PutRecord with ${effort.keptSmall} records, p50`, much, effort),
  ];
}

async function measureShards(effort: Effort): Promise<Sample> {
  await using much = await startFilled(effort.many);
  await fill(much, few, smallData);
  return await comparePuts(`PutRecord with ${effort.many} shards, p50`, much, effort, 1);
}

async function measureStreams(effort: Effort): Promise<Sample> {
  await using much = await startFilled();
  await fill(much, few, smallData);
  for (let count = 1; count < effort.many; count++) {
    const name = `other-${count}`;
    await much.client.call("CreateStream", `{"StreamName":"${name}","ShardCount":1}`);
    await much.client.call("PutRecord", putRecordBody(name, count));
  }
  return await comparePuts(`PutRecord with ${effort.many} streams, p50`, much, effort);
}

async function comparePuts(metric: string, much: Filled, { calls }: Effort, shards?: number): Promise<Sample> {
  // One of its own: an emulator whose code has become hot would be the faster one.
  await using little = await startFilled(shards);
  await fill(little, few, smallData);
  const put =
    ({ client }: Filled) =>
    (index: number) =>
      client.call("PutRecord", putRecordBody(stream, index));
  const [emulator, yardstick] = await medianDurations([put(much), put(little)], { count: calls, warmUp: 2 * calls });
  const against = `with ${few} records in ${shards === 1 ? "1 shard" : `${shards ?? usualShards} shards`}`;
  return { metric, unit: "ms", emulator, against, yardstick };
}

async function startFilled(shards = usualShards): Promise<Filled> {
  const server = await startServer("emulator");
  const client = createClient(server.endpoint);
  await client.call("CreateStream", `{"StreamName":"${stream}","ShardCount":${shards}}`);
  await client.call("PutRecord", putRecordBody(stream, 0));
  return {
    server,
    client,
    idle: memoryOf(server),
    async [Symbol.asyncDispose]() {
      client.close();
      await server.stop();
    },
  };
}

async function fill({ client }: Filled, records: number, base64?: string): Promise<void> {
  const put = (index: number) => client.call("PutRecords", putRecordsBody(stream, index * batchSize, base64));
  await callsPerSecond(put, { callers: 2, count: records / batchSize });
}

async function settledMemory({ server }: Filled, { settleMs }: Effort): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  return memoryOf(server);
}

function memoryOf(server: ProcessUnderTest): number {
  return server.residentMemory() ?? Number.NaN;
}
