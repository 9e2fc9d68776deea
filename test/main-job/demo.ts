/**
 * The main job, shown as it happens: 200 records on a stream of two shards, three of them poison, a function that fails on
 * these, and a dead-letter queue. Run it by `npm run demo`.
 */
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { describeTimelineEvent } from "@localemu/control";
import type { TimelineEntry } from "@localemu/control";
import { startLocalEmu } from "@localemu/testkit";
import { names, orders, poisonIds, processedIds, putOrders, setUpMainJob } from "./main-job.ts";

const print = (line = ""): void => void process.stdout.write(`${line}\n`);

/** Events that repeat what their neighbours say. */
const untold = new Set<TimelineEntry["type"]>(["function.invoked", "function.returned", "mapping.checkpointMoved"]);

const startedAt = performance.now();
const emu = await startLocalEmu();
print(`LocalEmu listens on ${emu.endpoint}\n`);

const config = emu.getClientConfig();
const clients = {
  kinesis: new KinesisClient(config),
  lambda: new LambdaClient(config),
  sqs: new SQSClient(config),
  logs: new CloudWatchLogsClient(config),
};

const following = new AbortController();
const shown = show(following.signal);
await setUpMainJob(clients);
await putOrders(clients);
await emu.idle();

const messages = await emu.queue(names.queue).messages();
const processed = await processedIds(clients);
const timeline = await emu.timeline();
following.abort();
await shown;
await emu.close();

const count = (type: TimelineEntry["type"]): number => timeline.filter((entry) => entry.type === type).length;
const rows: readonly (readonly [string, number])[] = [
  ["records put", orders.length],
  ["records processed", processed.length],
  ["processed twice", processed.length - new Set(processed).size],
  ["invocations", count("mapping.batchStarted")],
  ["failed invocations", count("mapping.batchFailed")],
  ["bisected batches", count("mapping.bisected")],
  ["poison records", poisonIds.length],
  ["reports in the dead-letter queue", messages.length],
];
print();
for (const [name, value] of rows) print(`  ${name.padEnd(34)} ${String(value).padStart(4)}`);
print(`\nDone in ${((performance.now() - startedAt) / 1000).toFixed(2)} s.`);
if (processed.length !== orders.length - poisonIds.length || messages.length !== poisonIds.length) process.exitCode = 1;

/** Prints each step when it happens, until it is stopped. */
async function show(signal: AbortSignal): Promise<void> {
  let first: number | undefined;
  for await (const entry of emu.control.followTimeline({ signal })) {
    first ??= entry.at;
    if (!untold.has(entry.type)) print(`${`${entry.at - first} ms`.padStart(8)}  ${describeTimelineEvent(entry)}`);
  }
}
