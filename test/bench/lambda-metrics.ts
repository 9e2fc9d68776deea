import { createFunction, invoke, lambdaClient, MappedFunction } from "./functions.ts";
import { createClient, putRecordBody } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import { measureEmptyProcess } from "./process-under-test.ts";
import type { ProcessUnderTest, ServerName } from "./process-under-test.ts";
import { median, medianDuration } from "./statistics.ts";

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
    const bareCall = await medianDuration((i) => bare.call("PutRecord", putRecordBody("bench", i)), calls);
    const warm = await medianDuration(() => invoke(client, "cold-0"), calls);
    const put = await medianDuration((i) => client.call("PutRecord", putRecordBody("bench", i)), calls);
    await using mapped = await MappedFunction.create(lambda, client);
    const toHandler = await mapped.putToHandler(effort.calls / 2);
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

async function duration(call: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await call();
  return performance.now() - begin;
}
