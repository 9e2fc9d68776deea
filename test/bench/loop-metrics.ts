import { batchSize, createClient, iteratorOf, putRecordsBody } from "./kinesis-client.ts";
import type { Client } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import { createActive, samples, turned } from "./peer-metrics.ts";
import { withoutLatency } from "./peers.ts";
import type { PeerName, Peers } from "./peers.ts";
import { launchAsked } from "./process-under-test.ts";
import type { AskedServer } from "./process-under-test.ts";
import { median } from "./statistics.ts";

const stream = "bench";
/** The most that a reply may have: 10 MB of records of 1 KiB, nearly 15 MB of text. */
const records = 10_000;
/** Replies after which a server's code has been compiled. */
const hotAfter = 20;
const watchLoop = new URL("watch-loop.mjs", import.meta.url);

interface Watched {
  readonly name: PeerName;
  readonly server: AskedServer;
  readonly client: Client;
  readonly body: string;
  readonly blocked: number[];
}

/** For how long the largest reply of GetRecords keeps a server from everything else. */
export async function measureLoop({ launches }: Peers, round: number, { colds }: Effort): Promise<Sample[]> {
  await using scope = new AsyncDisposableStack();
  const watched: Watched[] = [];
  for (const [name, launch] of turned([...launches], round)) {
    // Its reply takes seconds.
    if (name === "kinesis-local") continue;
    const server = await launchAsked(withoutLatency(name, launch), watchLoop);
    scope.defer(() => server.stop());
    const client = createClient(server.endpoint);
    scope.defer(() => client.close());
    watched.push({ name, server, client, body: await fill(client), blocked: [] });
  }
  for (let count = 0; count < hotAfter + 4 * colds; count++) {
    for (const { server, client, body, blocked } of watched) {
      await server.ask();
      await client.call("GetRecords", body);
      const ms = await server.ask();
      if (count >= hotAfter) blocked.push(ms);
    }
  }
  return samples(
    `GetRecords of ${records}, no other turn for`,
    "ms",
    new Map(watched.map(({ name, blocked }) => [name, median(blocked)])),
  );
}

/** Gives the body of a call that is answered with all records. */
async function fill(client: Client): Promise<string> {
  await createActive(client, stream, 1);
  for (let put = 0; put < records; put += batchSize) await client.call("PutRecords", putRecordsBody(stream, put));
  const body = JSON.stringify({ ShardIterator: await iteratorOf(client, stream, 0), Limit: records });
  const reply: { readonly Records: readonly unknown[] } = JSON.parse(
    (await client.call("GetRecords", body)).toString("latin1"),
  );
  if (reply.Records.length !== records) throw new Error(`${reply.Records.length} records came back of ${records}`);
  return body;
}
