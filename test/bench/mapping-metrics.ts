import { DeleteEventSourceMappingCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { createFunction, createMapping, HandlerCalls, invoke, lambdaClient } from "./functions.ts";
import { batchSize as putSize, createClient, kinesisEvent, putRecordsBody } from "./kinesis-client.ts";
import type { Client } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import type { ProcessUnderTest } from "./process-under-test.ts";
import { callsPerSecond } from "./statistics.ts";

interface Drain {
  readonly shards: number;
  readonly batchSize: number;
}

const drains: readonly Drain[] = [
  { shards: 1, batchSize: 100 },
  { shards: 1, batchSize: 1000 },
  { shards: 4, batchSize: 100 },
  { shards: 16, batchSize: 100 },
  { shards: 16, batchSize: 1000 },
];

/** What a mapping brings to its function from a full stream, beside as many invocations at a time with events as large. */
export async function measureMappings(
  server: ProcessUnderTest,
  directFirst: boolean,
  effort: Effort,
): Promise<Sample[]> {
  const lambda = lambdaClient(server.endpoint);
  const client = createClient(server.endpoint);
  await using calls = await HandlerCalls.listen();
  try {
    await createFunction(lambda, "drain", calls.variables);
    const samples: Sample[] = [];
    for (const drain of drains) {
      const { shards, batchSize } = drain;
      // Whole batches: what is left over in each shard would be cheaper.
      const records = Math.ceil(Math.max(effort.mapped, 2 * shards * batchSize) / putSize) * putSize;
      const direct = async (): Promise<number> => directRate(client, calls, drain, records);
      const through = async (): Promise<number> => mappedRate(lambda, client, calls, drain, records);
      // Every environment that either needs is there before the first of them is measured.
      await invokeTogether(client, calls, shards);
      const first = await (directFirst ? direct() : through());
      const second = await (directFirst ? through() : direct());
      samples.push({
        metric: `stream to function, ${shards} ${shards === 1 ? "shard" : "shards"}, batches of ${batchSize}`,
        unit: "records/s",
        emulator: directFirst ? second : first,
        against: shards === 1 ? "1 caller of Invoke" : `${shards} callers of Invoke`,
        yardstick: directFirst ? first : second,
      });
    }
    return samples;
  } finally {
    lambda.destroy();
    client.close();
  }
}

async function invokeTogether(client: Client, calls: HandlerCalls, callers: number): Promise<void> {
  const event = kinesisEvent(1);
  await callsPerSecond(() => invoke(client, "drain", event), { callers, count: callers * 20 });
  await calls.records(callers * 20);
}

async function directRate(
  client: Client,
  calls: HandlerCalls,
  { shards: callers, batchSize }: Drain,
  records: number,
): Promise<number> {
  const event = kinesisEvent(batchSize);
  const count = records / batchSize;
  const rate = await callsPerSecond(() => invoke(client, "drain", event), { callers, count });
  await calls.records(records);
  return rate * batchSize;
}

async function mappedRate(
  lambda: LambdaClient,
  client: Client,
  calls: HandlerCalls,
  { shards, batchSize }: Drain,
  records: number,
): Promise<number> {
  await client.call("CreateStream", JSON.stringify({ StreamName: "drained", ShardCount: shards }));
  const UUID = await createMapping(lambda, "drained", "drain", { BatchSize: batchSize, Enabled: false });
  for (let put = 0; put < records; put += putSize) await client.call("PutRecords", putRecordsBody("drained", put));
  await untilIdle(client);

  const begin = performance.now();
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
  await untilIdle(client);
  const took = performance.now() - begin;

  await calls.records(records);
  await lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
  await untilIdle(client);
  await client.call("DeleteStream", '{"StreamName":"drained"}');
  return (records / took) * 1000;
}

async function untilIdle(client: Client): Promise<void> {
  const report: { readonly state: string } = JSON.parse(
    (await client.post("/_localemu/idle", '{"timeoutMs":60000}')).toString(),
  );
  if (report.state !== "idle") throw new Error(`the emulator is ${report.state}`);
}
