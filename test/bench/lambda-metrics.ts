import { createFunction, invoke, lambdaClient, MappedFunction } from "./functions.ts";
import { createClient, putRecordBody } from "./kinesis-client.ts";
import type { Effort, Sample } from "./metrics.ts";
import type { ProcessUnderTest } from "./process-under-test.ts";
import { medianDuration } from "./statistics.ts";

/** The way from a put to the handler that a mapping calls. */
export async function measureLambda({ endpoint }: ProcessUnderTest, effort: Effort): Promise<Sample[]> {
  const lambda = lambdaClient(endpoint);
  const client = createClient(endpoint);
  try {
    await createFunction(lambda, "warm");
    const calls = { count: effort.calls / 2, warmUp: effort.calls / 2 };
    const warm = await medianDuration(() => invoke(client, "warm"), calls);
    const put = await medianDuration((i) => client.call("PutRecord", putRecordBody("bench", i)), calls);
    await using mapped = await MappedFunction.create(lambda, client);
    const toHandler = await mapped.putToHandler(effort.calls / 2);
    return [
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
  }
}
