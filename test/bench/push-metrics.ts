import { createActive } from "./peer-metrics.ts";
import { createClient, putRecordBody, putRecordCbor } from "./kinesis-client.ts";
import type { Client } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import type { Peer, Values } from "./peer-metrics.ts";
import type { ProcessUnderTest } from "./process-under-test.ts";
import { median, medianDurations } from "./statistics.ts";

const stream = "pushed";
const cbor = { "content-type": "application/x-amz-cbor-1.1" };

/** From a put to its event at a subscriber, and what a put takes in CBOR; each beside a put in JSON. */
export async function measurePush({ endpoint }: ProcessUnderTest, effort: Effort): Promise<Sample[]> {
  const client = createClient(endpoint);
  try {
    await client.call("CreateStream", `{"StreamName":"${stream}","ShardCount":1}`);
    const put = (index: number) => client.call("PutRecord", putRecordBody(stream, index));
    const inCbor = (index: number) => client.call("PutRecord", putRecordCbor(stream, index), cbor);
    const calls = { count: effort.calls, warmUp: effort.calls };
    const [cborMs, jsonMs] = await medianDurations([inCbor, put], calls);

    const own = "subscribed";
    await client.call("CreateStream", `{"StreamName":"${own}","ShardCount":1}`);
    const events = await subscribe(client, own);
    const [pushedMs, putMs] = await medianDurations(
      [(index) => events.put(putRecordBody(own, index)), (index) => put(index)],
      calls,
    );
    await client.call("DeleteStream", `{"StreamName":"${own}","EnforceConsumerDeletion":true}`);
    await client.call("DeleteStream", `{"StreamName":"${stream}"}`);
    const against = "PutRecord in JSON";
    return [
      { metric: "PutRecord in CBOR, p50", unit: "ms", emulator: cborMs, against, yardstick: jsonMs },
      { metric: "put to SubscribeToShard's event, p50", unit: "ms", emulator: pushedMs, against, yardstick: putMs },
    ];
  } finally {
    client.close();
  }
}

/** How often kinesis-local looks for records, milliseconds. */
const pollMs = 1000;

/**
 * From a put to its event, for peers that push. One that looks for records every second is put to at any time in it: called as
 * soon as the event before has come, it would always have just looked.
 */
export async function putsAndEvents(peers: readonly Peer[], effort: Effort): Promise<Values> {
  const found = new Map<Peer["name"], number>();
  for (const { name, client } of peers) {
    const own = "events";
    await createActive(client, own, 1);
    const events = await subscribe(client, own);
    const polls = name === "kinesis-local";
    const durations: number[] = [];
    for (let index = 0; index < (polls ? 2 * effort.colds + 2 : effort.calls); index++) {
      if (polls) await new Promise((resolve) => setTimeout(resolve, ((index * Math.SQRT2) % 1) * pollMs));
      const begin = performance.now();
      await events.put(putRecordBody(own, index));
      durations.push(performance.now() - begin);
    }
    // The first half is for the code to become hot.
    found.set(name, median(polls ? durations : durations.slice(effort.calls / 2)));
  }
  return found;
}

interface Events {
  /** Puts a record; resolves when its event has come and the put was answered. */
  put(body: string): Promise<unknown>;
}

async function subscribe(client: Client, name: string): Promise<Events> {
  const streamArn = `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
  const reply: { readonly Consumer: { readonly ConsumerARN: string } } = JSON.parse(
    (await client.call("RegisterStreamConsumer", `{"StreamARN":"${streamArn}","ConsumerName":"bench"}`)).toString(),
  );
  const { ConsumerARN } = reply.Consumer;
  const isActive = async (): Promise<boolean> =>
    (await client.call("DescribeStreamConsumer", `{"ConsumerARN":"${ConsumerARN}"}`)).includes('"ACTIVE"');
  while (!(await isActive())) await new Promise((resolve) => setTimeout(resolve, 1));
  const begun = Promise.withResolvers<void>();
  let came = (): void => {};
  const body = { ConsumerARN, ShardId: "shardId-000000000000", StartingPosition: { Type: "LATEST" } };
  client.follow("SubscribeToShard", JSON.stringify(body), (bytes) => {
    begun.resolve();
    // Events without records, which come by themselves, name no key.
    if (bytes.includes("PartitionKey")) came();
  });
  await begun.promise;
  return {
    async put(record) {
      const event = Promise.withResolvers<void>();
      came = event.resolve;
      // A put is answered about when its event comes; what counts is the event.
      const answered = client.call("PutRecord", record);
      await event.promise;
      await answered;
    },
  };
}
