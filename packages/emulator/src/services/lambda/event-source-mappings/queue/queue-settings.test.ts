import { expect, test } from "vitest";
import type { QueueConfiguration } from "../mapping.ts";
import { queueConsumerSettings } from "./queue-settings.ts";

const plain: QueueConfiguration = { BatchSize: 10, MaximumBatchingWindowInSeconds: 0, FunctionResponseTypes: [] };
const pollers = (MinimumPollers: number, MaximumPollers: number) => ({
  ProvisionedPollerConfig: { MinimumPollers, MaximumPollers },
});

test.each<[string, Partial<QueueConfiguration>, boolean, number, number]>([
  ["a standard queue", {}, false, 5, 1250],
  ["a FIFO queue", {}, true, 1250, 1250],
  ["a concurrency below the first batches", { ScalingConfig: { MaximumConcurrency: 2 } }, false, 2, 2],
  ["a concurrency", { ScalingConfig: { MaximumConcurrency: 1000 } }, false, 5, 1000],
  ["pollers", pollers(2, 200), false, 20, 2000],
  ["pollers of a FIFO queue", pollers(2, 3), true, 30, 30],
])("batches side by side with %s", (_, change, fifo, firstConcurrency, maxConcurrency) => {
  expect(queueConsumerSettings({ ...plain, ...change }, { fifo })).toMatchObject({ firstConcurrency, maxConcurrency });
});
