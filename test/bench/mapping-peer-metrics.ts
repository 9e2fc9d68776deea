import { kinesaliteLaunch, startServerlessOfflineKinesis } from "./function-peers.ts";
import type { FunctionPeers } from "./function-peers.ts";
import { createFunction, createMapping, HandlerCalls, lambdaClient } from "./functions.ts";
import { batchSize as putSize, createClient, putRecordBody, putRecordsBody } from "./kinesis-client.ts";
import type { Client } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import { createActive } from "./peer-metrics.ts";
import { launchServer, startServer } from "./process-under-test.ts";
import { callsPerSecond, median } from "./statistics.ts";

const stream = "mapped";
const shards = 4;
const batchSize = 100;

/** A stream whose records a function gets. */
interface Mapped {
  readonly client: Client;
  readonly calls: HandlerCalls;
}

/** From streams to functions, beside serverless-offline-kinesis that reads from kinesalite. */
export async function measureOfflineMapping(
  { directory }: FunctionPeers,
  ownFirst: boolean,
  effort: Effort,
): Promise<Sample[]> {
  await using scope = new AsyncDisposableStack();
  const own = await mapOwn(scope);
  const peer = await mapPeer(directory, scope);
  for (const mapped of [own, peer]) await deliveryRate(mapped, warmUpRecords);
  const count = 4 * effort.colds;
  const first = await putsToHandler(ownFirst ? own : peer, count);
  const second = await putsToHandler(ownFirst ? peer : own, count);
  const rates = { own: await deliveryRate(own, effort.mapped), peer: await deliveryRate(peer, effort.mapped / 4) };
  const against = "serverless-offline-kinesis";
  return [
    {
      metric: "put to handler, at any time, p50",
      unit: "ms",
      emulator: ownFirst ? first : second,
      against,
      yardstick: ownFirst ? second : first,
    },
    {
      metric: `puts to function, ${shards} shards, batches of ${batchSize}`,
      unit: "records/s",
      emulator: rates.own,
      against,
      yardstick: rates.peer,
    },
  ];
}

async function mapOwn(scope: AsyncDisposableStack): Promise<Mapped> {
  const server = await startServer("emulator");
  scope.defer(() => server.stop());
  const client = createClient(server.endpoint);
  scope.defer(() => client.close());
  const lambda = lambdaClient(server.endpoint);
  scope.defer(() => lambda.destroy());
  const calls = scope.use(await HandlerCalls.listen());
  await createActive(client, stream, shards);
  await createFunction(lambda, "mapped", calls.variables);
  await createMapping(lambda, stream, "mapped", { BatchSize: batchSize });
  return { client, calls };
}

async function mapPeer(directory: string, scope: AsyncDisposableStack): Promise<Mapped> {
  const server = await launchServer(kinesaliteLaunch(directory));
  scope.defer(() => server.stop());
  const client = createClient(server.endpoint);
  scope.defer(() => client.close());
  const calls = scope.use(await HandlerCalls.listen());
  await createActive(client, stream, shards);
  const { endpoint } = server;
  scope.use(await startServerlessOfflineKinesis(directory, { endpoint, stream, variables: calls.variables }));
  return { client, calls };
}

/** Enough for each shard to have some batches, and so for each to have a warm environment or worker. */
const warmUpRecords = 1000;

/** How often serverless-offline-kinesis looks for records, milliseconds. */
const pollMs = 500;

/** From sending a put to the first line of the handler, one record at a time; the next one is put at any time after that. */
async function putsToHandler({ client, calls }: Mapped, count: number): Promise<number> {
  const durations: number[] = [];
  for (let index = 0; index < count; index++) {
    await new Promise((resolve) => setTimeout(resolve, ((index * Math.SQRT2) % 1) * pollMs));
    const begin = process.hrtime.bigint();
    await client.call("PutRecord", putRecordBody(stream, index));
    const { enteredAt } = await calls.next();
    durations.push(Number(enteredAt - begin) / 1e6);
  }
  return median(durations);
}

/** Records a second that the function gets while they are put, until it has had all. */
async function deliveryRate({ client, calls }: Mapped, records: number): Promise<number> {
  const begin = performance.now();
  const put = (index: number) => client.call("PutRecords", putRecordsBody(stream, index * putSize));
  await callsPerSecond(put, { callers: 2, count: records / putSize });
  await calls.records(records);
  return (records / (performance.now() - begin)) * 1000;
}
