import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { names, putOrders, setUpMainJob } from "../main-job/main-job.ts";
import { createFunction, invoke, lambdaClient } from "./functions.ts";
import { createClient } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import { startServer } from "./process-under-test.ts";
import { median } from "./statistics.ts";

/** From nothing to the first report in the dead-letter queue of the demo, beside what must be loaded and started for it. */
export async function measureMainJob(jobFirst: boolean, { colds }: Effort): Promise<Sample[]> {
  const [job, parts]: [number[], number[]] = [[], []];
  // The clients' own code is loaded, and has become hot, before it counts.
  await spawnToReport();
  for (let count = 0; count < colds; count++) {
    if (jobFirst) job.push(await spawnToReport());
    parts.push(await startInvokeAndQueue());
    if (!jobFirst) job.push(await spawnToReport());
  }
  return [
    {
      metric: "spawn to the main job's first report",
      unit: "ms",
      emulator: median(job),
      against: "cold start + cold invoke + first CreateQueue",
      yardstick: median(parts),
    },
  ];
}

async function spawnToReport(): Promise<number> {
  const begin = performance.now();
  await using scope = new AsyncDisposableStack();
  const server = await startServer("emulator");
  scope.defer(() => server.stop());
  const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };
  const config = { endpoint: server.endpoint, region: "us-east-1", credentials };
  const clients = {
    kinesis: new KinesisClient(config),
    lambda: new LambdaClient(config),
    sqs: new SQSClient(config),
    logs: new CloudWatchLogsClient(config),
  };
  for (const client of Object.values(clients)) scope.defer(() => client.destroy());
  await setUpMainJob(clients);
  await putOrders(clients);
  const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: names.queue }));
  const report = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
  const { Messages = [] } = await clients.sqs.send(report);
  if (Messages.length === 0) throw new Error("the main job made no report within 20 s");
  return performance.now() - begin;
}

/** Each once and for the first time, in an emulator of their own; what else a function needs does not count. */
async function startInvokeAndQueue(): Promise<number> {
  await using scope = new AsyncDisposableStack();
  const timed = async (call: () => Promise<unknown>): Promise<number> => {
    const begin = performance.now();
    await call();
    return performance.now() - begin;
  };
  const begin = performance.now();
  const server = await startServer("emulator");
  scope.defer(() => server.stop());
  const client = createClient(server.endpoint);
  scope.defer(() => client.close());
  await client.call("ListStreams", "{}");
  const coldStart = performance.now() - begin;
  const lambda = lambdaClient(server.endpoint);
  scope.defer(() => lambda.destroy());
  await createFunction(lambda, "cold");
  const coldInvoke = await timed(() => invoke(client, "cold"));
  const firstQueue = await timed(() => client.callQueues("CreateQueue", '{"QueueName":"first"}'));
  return coldStart + coldInvoke + firstQueue;
}
