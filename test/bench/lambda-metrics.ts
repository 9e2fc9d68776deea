import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import type { Server } from "node:net";
import { createInterface } from "node:readline";
import { CreateEventSourceMappingCommand, CreateFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { createClient, putRecordBody } from "./kinesis-client.ts";
import type { Client } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import { measureEmptyProcess } from "./process-under-test.ts";
import type { ProcessUnderTest, ServerName } from "./process-under-test.ts";
import { median, medianDuration } from "./statistics.ts";

const stream = "mapped";
const zip = zipSync({ "index.mjs": readFileSync(new URL("function/index.mjs", import.meta.url)) });

/** Invokes, and the way from a put to the handler that a mapping calls. */
export async function measureLambda(
  servers: Readonly<Record<ServerName, ProcessUnderTest>>,
  effort: Effort,
): Promise<Sample[]> {
  const { endpoint } = servers.emulator;
  const lambda = lambdaClient(endpoint);
  const client = createClient(endpoint);
  const bare = createClient(servers.yardstick.endpoint);
  try {
    const colds: number[] = [];
    const spawns: number[] = [];
    for (let count = 0; count < effort.colds; count++) {
      await createFunction(lambda, `cold-${count}`);
      colds.push(await duration(() => invoke(client, `cold-${count}`)));
      spawns.push(await measureEmptyProcess());
    }
    const calls = { count: effort.calls / 2, warmUp: effort.calls / 2 };
    const bareCall = await medianDuration((i) => bare.call("PutRecord", putRecordBody(stream, i)), calls);
    const warm = await medianDuration(() => invoke(client, "cold-0"), calls);
    const put = await medianDuration((i) => client.call("PutRecord", putRecordBody("bench", i)), calls);
    const toHandler = await putToHandler(lambda, client, effort.calls / 2);
    return [
      {
        metric: "cold invoke, p50",
        unit: "ms",
        emulator: median(colds),
        against: "empty process",
        yardstick: median(spawns),
      },
      { metric: "warm invoke, p50", unit: "ms", emulator: warm, against: "bare server", yardstick: bareCall },
      {
        metric: "put to handler, p50",
        unit: "ms",
        emulator: toHandler,
        against: "put + warm invoke",
        yardstick: put + warm,
      },
    ];
  } finally {
    lambda.destroy();
    client.close();
    bare.close();
  }
}

function lambdaClient(endpoint: string): LambdaClient {
  const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };
  return new LambdaClient({ endpoint, region: "us-east-1", credentials });
}

async function createFunction(
  lambda: LambdaClient,
  name: string,
  variables: Record<string, string> = {},
): Promise<void> {
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/bench",
      Code: { ZipFile: zip },
      Environment: { Variables: variables },
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 10 }, { FunctionName: name });
}

function invoke(client: Client, name: string): Promise<Buffer> {
  return client.post(`/2015-03-31/functions/${name}/invocations`, '{"n":1}');
}

async function duration(call: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await call();
  return performance.now() - begin;
}

/** From sending a put to the first line of the handler, one record at a time: the median in milliseconds. */
async function putToHandler(lambda: LambdaClient, client: Client, count: number): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const entries = handlerEntries(server);
  await client.call("CreateStream", JSON.stringify({ StreamName: stream, ShardCount: 1 }));
  await createFunction(lambda, "mapped", { NOTIFY_PORT: String(port) });
  await lambda.send(
    new CreateEventSourceMappingCommand({
      EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`,
      FunctionName: "mapped",
      StartingPosition: "TRIM_HORIZON",
    }),
  );
  const warmUp = Math.ceil(count / 5);
  const durations: number[] = [];
  for (let index = 0; index < warmUp + count; index++) {
    const begin = process.hrtime.bigint();
    await client.call("PutRecord", putRecordBody(stream, index));
    const { value: entered, done } = await entries.next();
    if (done === true) throw new Error("the function ended");
    if (index >= warmUp) durations.push(Number(BigInt(entered) - begin) / 1e6);
  }
  await entries.return(undefined);
  return median(durations);
}

/** The times at which the handler was entered, as the function tells them. */
async function* handlerEntries(server: Server): AsyncGenerator<string, void> {
  const [socket] = await once(server, "connection");
  try {
    yield* createInterface(socket);
  } finally {
    socket.destroy();
    server.close();
  }
}
