import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
import type { PeerName } from "./peers.ts";
import type { ProcessUnderTest } from "./process-under-test.ts";
import { durationsInTurns } from "./statistics.ts";

const data = Buffer.alloc(1024, "LocalEmu");

/** Puts of the SDK's client as it comes, which speaks HTTP/2; median durations, milliseconds. */
export async function sdkPuts(
  peers: readonly { readonly name: PeerName; readonly server: ProcessUnderTest }[],
  stream: string,
  count: number,
): Promise<ReadonlyMap<PeerName, number>> {
  const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };
  const clients = peers.map(
    ({ server: { endpoint } }) => new KinesisClient({ endpoint, region: "us-east-1", credentials }),
  );
  const puts = clients.map(
    (client) => (index: number) =>
      client.send(new PutRecordCommand({ StreamName: stream, Data: data, PartitionKey: `key-${index}` })),
  );
  try {
    const durations = await durationsInTurns(puts, { count, warmUp: count });
    return new Map(peers.map(({ name }, index) => [name, durations[index] ?? Number.NaN]));
  } finally {
    for (const client of clients) client.destroy();
  }
}
