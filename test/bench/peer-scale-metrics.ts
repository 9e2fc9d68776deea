import { batchSize, createClient, putRecordBody, putRecordsBody } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import { createActive, putsInTurns, samples, turned } from "./peer-metrics.ts";
import type { Peer } from "./peer-metrics.ts";
import { withoutLatency } from "./peers.ts";
import type { PeerName, Peers } from "./peers.ts";
import { launchServer } from "./process-under-test.ts";
import { callsPerSecond } from "./statistics.ts";

const stream = "bench";
const smallData = Buffer.alloc(100, "LocalEmu").toString("base64");
const keyBytes = 8;
const mebibyte = 1024 * 1024;

/**
 * Many shards, streams and records, LocalEmu beside the other emulators. kinesis-local keeps no such number of records: each
 * put looks at all that its shard has.
 */
export async function measureScale(peers: Peers, round: number, effort: Effort): Promise<Sample[]> {
  return [
    ...(await withPeers(peers, ["LocalEmu", "kinesalite", "kinesis-local"], round, (all) =>
      measureMany(all, round, effort),
    )),
    ...(await withPeers(peers, ["LocalEmu", "kinesalite"], round, (all) => measureMemory(all, "1 KiB", effort))),
    ...(await withPeers(peers, ["LocalEmu", "kinesalite"], round, (all) => measureMemory(all, "100 B", effort))),
  ];
}

async function withPeers(
  { launches }: Pick<Peers, "launches">,
  names: readonly PeerName[],
  round: number,
  measure: (peers: readonly Peer[]) => Promise<Sample[]>,
): Promise<Sample[]> {
  const peers: Peer[] = [];
  try {
    for (const [name, launch] of turned([...launches], round)) {
      if (!names.includes(name)) continue;
      const server = await launchServer(withoutLatency(name, launch));
      peers.push({ name, server, client: createClient(server.endpoint) });
    }
    return await measure(peers);
  } finally {
    for (const { client, server } of peers) {
      client.close();
      await server.stop();
    }
  }
}

async function measureMany(peers: readonly Peer[], round: number, effort: Effort): Promise<Sample[]> {
  const { many } = effort;
  const sharded = "sharded";
  for (const { client } of peers) await createActive(client, sharded, many);
  const shards = await putsInTurns(peers, sharded, round, effort);
  for (const { client } of peers)
    for (let count = 0; count < many; count++) await createActive(client, `${stream}-${count}`, 1);
  const streams = await putsInTurns(peers, `${stream}-0`, round, effort);
  const memory = new Map(peers.map(({ name, server }) => [name, server.residentMemory() ?? Number.NaN]));
  return [
    ...samples(`PutRecord with ${many} shards, p50`, "ms", shards),
    ...samples(`PutRecord with ${many} streams, p50`, "ms", streams),
    ...samples(`memory with ${many} shards and ${many} streams`, "MiB", memory),
  ];
}

/** Beside what the peer takes, and beside data and keys. */
async function measureMemory(peers: readonly Peer[], size: "1 KiB" | "100 B", effort: Effort): Promise<Sample[]> {
  const { keptByPeers: count, settleMs } = effort;
  const bytes = size === "1 KiB" ? 1024 : 100;
  const data = size === "1 KiB" ? undefined : smallData;
  const taken = new Map<PeerName, number>();
  for (const { name, client, server } of peers) {
    await createActive(client, stream, 4);
    await client.call("PutRecord", putRecordBody(stream, 0));
    const idle = server.residentMemory() ?? Number.NaN;
    const put = (index: number) => client.call("PutRecords", putRecordsBody(stream, index * batchSize, data));
    await callsPerSecond(put, { callers: 2, count: count / batchSize });
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    taken.set(name, (((server.residentMemory() ?? Number.NaN) - idle) * mebibyte) / count);
  }
  const metric = `memory of ${count} records of ${size}`;
  const emulator = taken.get("LocalEmu") ?? Number.NaN;
  return [
    ...samples(metric, "B/record", taken),
    { metric, unit: "B/record", emulator, against: "data and key", yardstick: bytes + keyBytes },
  ];
}
