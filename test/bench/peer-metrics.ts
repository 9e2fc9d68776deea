import { batchSize, createClient, iteratorOf, putRecordBody, putRecordsBody } from "./kinesis-client.ts";
import type { Client } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import type { PeerName, Peers } from "./peers.ts";
import { launchServer, measureColdStart } from "./process-under-test.ts";
import type { ProcessUnderTest } from "./process-under-test.ts";
import { putsAndEvents } from "./push-metrics.ts";
import { sdkPuts } from "./sdk-puts.ts";
import { durationsInTurns, median, rateWithin } from "./statistics.ts";

export interface Peer {
  readonly name: PeerName;
  readonly server: ProcessUnderTest;
  readonly client: Client;
}

/** A value of each that takes part. */
export type Values = ReadonlyMap<PeerName, number>;

const stream = "bench";
const shards = 4;

/** LocalEmu beside other emulators of Kinesis and a store that validates nothing: all run at once, and are called in turns. */
export async function measurePeers({ launches }: Peers, round: number, effort: Effort): Promise<Sample[]> {
  const starts = await measureStarts({ launches }, round, effort);
  const peers: Peer[] = [];
  for (const [name, launch] of turned([...launches], round)) {
    const server = await launchServer(launch);
    peers.push({ name, server, client: createClient(server.endpoint) });
  }
  try {
    const created = await inTurns(peers, ({ client }) => timeToActive(client));
    for (const { client } of peers) await createActive(client, stream, shards);
    const put = await putsInTurns(peers, stream, round, effort);
    const of = (...names: readonly PeerName[]): Peer[] => peers.filter(({ name }) => names.includes(name));
    // Kinesalite does not speak HTTP/2, and kinesis-local ends the SDK's session with a protocol error.
    const sdk = await sdkPuts(of("LocalEmu", "minimal store"), stream, effort.calls / 3);
    const callers32 = await inTurns(peers, (peer) => callers(peer, effort));
    const batches = await inTurns(peers, (peer) => putBatches(peer, effort));
    const drains = await inTurns(peers, (peer) => drain(peer, effort));
    const visible = await putsToVisible(peers, round, effort);
    const events = await putsAndEvents(of("LocalEmu", "kinesis-local"), effort);
    return [
      ...starts,
      ...samples("CreateStream to ACTIVE", "ms", created),
      ...againstOwn("CreateStream to ACTIVE", "ms", created, "PutRecord, 1 caller", put),
      ...samples("PutRecord, 1 caller, p50", "ms", put),
      ...samples("PutRecord, SDK's default client, p50", "ms", sdk),
      ...samples("PutRecord, 32 callers", "calls/s", part(callers32, "rate")),
      ...samples("PutRecord, processor time", "µs/call", part(callers32, "cpu")),
      ...samples(`PutRecords of ${batchSize}`, "records/s", part(batches, "rate")),
      ...againstOwn(
        `PutRecords of ${batchSize}, last third`,
        "records/s",
        part(batches, "last"),
        "first third",
        part(batches, "first"),
      ),
      ...samples("GetRecords from TRIM_HORIZON", "records/s", part(drains, "rate")),
      ...samples("GetRecords, processor time", "µs/record", part(drains, "cpu")),
      ...samples("put to visible, p50", "ms", visible),
      ...samples("put to SubscribeToShard's event, p50", "ms", events),
    ];
  } finally {
    for (const { client, server } of peers) {
      client.close();
      await server.stop();
    }
  }
}

/** One sample for each that LocalEmu stands beside. */
export function samples(metric: string, unit: Sample["unit"], values: Values): Sample[] {
  const emulator = values.get("LocalEmu") ?? Number.NaN;
  return [...values]
    .filter(([name]) => name !== "LocalEmu")
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, yardstick]) => ({ metric, unit, emulator, against: name, yardstick }));
}

/** LocalEmu beside itself. */
function againstOwn(
  metric: string,
  unit: Sample["unit"],
  values: Values,
  against: string,
  yardsticks: Values,
): Sample[] {
  const emulator = values.get("LocalEmu") ?? Number.NaN;
  return [{ metric, unit, emulator, against, yardstick: yardsticks.get("LocalEmu") ?? Number.NaN }];
}

export async function createActive(client: Client, name: string, shardCount: number): Promise<void> {
  await client.call("CreateStream", `{"StreamName":"${name}","ShardCount":${shardCount}}`);
  for (;;) {
    const reply = await client.call("DescribeStreamSummary", `{"StreamName":"${name}"}`);
    if (reply.includes('"ACTIVE"')) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Calls after which a server's code has been compiled. */
const hotAfter = 1000;

/** Puts of 1 KiB to a stream of everyone's, one after the other. */
export async function putsInTurns(
  peers: readonly Peer[],
  name: string,
  first: number,
  { calls }: Effort,
): Promise<Values> {
  const puts = peers.map(
    ({ client }) =>
      (index: number) =>
        client.call("PutRecord", putRecordBody(name, index)),
  );
  const turns = { count: calls / 2, warmUp: hotAfter, first: first % peers.length };
  return named(peers, await durationsInTurns(puts, turns));
}

async function measureStarts(
  { launches }: Pick<Peers, "launches">,
  round: number,
  { colds }: Effort,
): Promise<Sample[]> {
  const starts = new Map([...launches.keys()].map((name) => [name, { ms: [] as number[], memory: [] as number[] }]));
  for (let count = 0; count < colds; count++) {
    for (const [name, launch] of turned([...launches], round + count)) {
      const { ms, residentMemory = Number.NaN } = await measureColdStart(launch);
      starts.get(name)?.ms.push(ms);
      starts.get(name)?.memory.push(residentMemory);
    }
  }
  const of = (key: "ms" | "memory"): Values => new Map([...starts].map(([name, found]) => [name, median(found[key])]));
  return [...samples("cold start to first reply", "ms", of("ms")), ...samples("idle memory", "MiB", of("memory"))];
}

const createForMs = 2000;

/** The first stream does not count: a server loads what it needs for it. Who lets its callers wait makes fewer of them. */
async function timeToActive(client: Client): Promise<number> {
  await createActive(client, "created", shards);
  const durations: number[] = [];
  const until = performance.now() + createForMs;
  for (let count = 0; count < 200 && performance.now() < until; count++) {
    const begin = performance.now();
    await createActive(client, `created-${count}`, shards);
    durations.push(performance.now() - begin);
  }
  return median(durations);
}

async function callers({ server, client }: Peer, { rateMs: ms }: Effort) {
  const put = (index: number) => client.call("PutRecord", putRecordBody(stream, index));
  await rateWithin(put, { callers: 32, ms: ms / 2 });
  const before = server.cpuTime() ?? Number.NaN;
  const { rate, calls } = await rateWithin(put, { callers: 32, ms });
  return { rate, cpu: ((server.cpuTime() ?? Number.NaN) - before) / calls };
}

async function putBatches({ client }: Peer, { rateMs }: Effort) {
  const put = (index: number) => client.call("PutRecords", putRecordsBody(stream, index * batchSize));
  const third = async () => (await rateWithin(put, { callers: 2, ms: rateMs / 2 })).rate * batchSize;
  await rateWithin(put, { callers: 2, ms: rateMs / 4 });
  const [first, second, last] = [await third(), await third(), await third()];
  return { first, rate: (first + second + last) / 3, last };
}

/** Reads all that a stream of its own was given in a time, in the largest pages there are; parsing them does not count. */
async function drain({ server, client }: Peer, { rateMs }: Effort) {
  const full = "drained";
  await createActive(client, full, shards);
  const put = (index: number) => client.call("PutRecords", putRecordsBody(full, index * batchSize));
  const total = (await rateWithin(put, { callers: 2, ms: rateMs })).calls * batchSize;
  const before = server.cpuTime() ?? Number.NaN;
  let [records, ms] = [0, 0];
  for (let shard = 0; shard < shards; shard++) {
    let iterator = await iteratorOf(client, full, shard);
    for (let got = -1; got !== 0; records += got) {
      const begin = performance.now();
      const reply = await client.call("GetRecords", JSON.stringify({ ShardIterator: iterator, Limit: 10_000 }));
      ms += performance.now() - begin;
      const page: Page = JSON.parse(reply.toString("latin1"));
      iterator = page.NextShardIterator;
      got = page.Records.length;
    }
  }
  if (records !== total) throw new Error(`${records} records came back of ${total}`);
  return { rate: (records / ms) * 1000, cpu: ((server.cpuTime() ?? Number.NaN) - before) / records };
}

interface Page {
  readonly NextShardIterator: string;
  readonly Records: readonly unknown[];
}

async function putsToVisible(peers: readonly Peer[], first: number, { calls }: Effort): Promise<Values> {
  const own = "visible";
  const puts: ((index: number) => Promise<unknown>)[] = [];
  for (const { client } of peers) {
    await createActive(client, own, 1);
    let iterator = await iteratorOf(client, own, 0);
    puts.push(async (index) => {
      await client.call("PutRecord", putRecordBody(own, index));
      const reply = await client.call("GetRecords", `{"ShardIterator":"${iterator}"}`);
      const page: Page = JSON.parse(reply.toString("latin1"));
      if (page.Records.length !== 1) throw new Error("the record is not visible at once");
      iterator = page.NextShardIterator;
    });
  }
  return named(
    peers,
    await durationsInTurns(puts, { count: calls / 3, warmUp: calls / 3, first: first % peers.length }),
  );
}

async function inTurns<Value>(
  peers: readonly Peer[],
  measure: (peer: Peer) => Promise<Value>,
): Promise<ReadonlyMap<PeerName, Value>> {
  const found = new Map<PeerName, Value>();
  for (const peer of peers) found.set(peer.name, await measure(peer));
  return found;
}

function part<Key extends string>(found: ReadonlyMap<PeerName, Readonly<Record<Key, number>>>, key: Key): Values {
  return new Map([...found].map(([name, values]) => [name, values[key]]));
}

function named(peers: readonly { readonly name: PeerName }[], values: readonly number[]): Values {
  return new Map(peers.map(({ name }, index) => [name, values[index] ?? Number.NaN]));
}

/** Everyone comes first in some round. */
export function turned<Item>(items: readonly Item[], round: number): readonly Item[] {
  const first = round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
