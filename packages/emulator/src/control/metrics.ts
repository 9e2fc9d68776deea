import { monitorEventLoopDelay } from "node:perf_hooks";
import type { WorldCounts } from "@localemu/control";
import { durationLimitsMs } from "../call-counts.ts";
import type { OperationCalls } from "../call-counts.ts";
import type { Observer } from "../observer.ts";
import type { World } from "../world.ts";
import type { Worlds } from "../worlds.ts";
import { countsOf, iteratorAgeOf } from "./world-counts.ts";

type EventLoopDelay = ReturnType<typeof monitorEventLoopDelay>;

/** Prometheus' exposition format. */
const contentType = "text/plain; version=0.0.4; charset=utf-8";

type Labels = Readonly<Record<string, string | number>>;
type Sample = readonly [labels: Labels, value: number, suffix?: string];

/** One metric: its help, its type and its samples. */
function metric(
  name: string,
  type: "counter" | "gauge" | "histogram",
  help: string,
  samples: readonly Sample[],
): string {
  const lines = samples.map(([labels, value, suffix = ""]) => `${name}${suffix}${labelsText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function labelsText(labels: Labels): string {
  const texts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return texts.length === 0 ? "" : `{${texts.join(",")}}`;
}

function escaped(value: string): string {
  return value
    .replaceAll("\\", String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`);
}

const alone = (value: number): readonly Sample[] => [[{}, value]];

/** What the emulator counts, over all its worlds: names of resources and worlds are no labels, since tests make no end of them. */
export class Metrics {
  readonly #observer: Observer;
  readonly #worlds: Worlds;
  readonly #version: string;
  /** Measures how late timers fire from the first look at the metrics on: who never looks does not pay for it. */
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });

  constructor(observer: Observer, worlds: Worlds, version: string) {
    this.#observer = observer;
    this.#worlds = worlds;
    this.#version = version;
    this.#delay.enable();
  }

  show(): { readonly contentType: string; readonly text: string } {
    const { calls, events } = this.#observer;
    const count = (...types: readonly string[]): number =>
      types.reduce((sum, type) => sum + (events.get(type) ?? 0), 0);
    const versions = { version: this.#version, node: process.version };
    const metrics = [
      metric("localemu_info", "gauge", "Versions of LocalEmu and Node.js.", [[versions, 1]]),
      ...callMetrics(calls.all),
      ...functionMetrics(count),
      ...mappingMetrics(count),
      ...resourceMetrics(this.#worlds.all),
      ...processMetrics(this.#delay),
    ];
    return { contentType, text: metrics.join("") };
  }
}

function callMetrics(calls: readonly OperationCalls[]): readonly string[] {
  const counts = calls.flatMap(({ service, operation, byStatus }) =>
    [...byStatus].map(([status, count]): Sample => [{ service, operation, status }, count]),
  );
  return [
    metric("localemu_calls_total", "counter", "Calls of AWS operations by HTTP status.", counts),
    metric("localemu_call_duration_seconds", "histogram", "How long calls took.", calls.flatMap(histogram)),
  ];
}

function histogram({ service, operation, buckets, totalMs }: OperationCalls): readonly Sample[] {
  let calls = 0;
  const cumulative = buckets.map((count, index): Sample => {
    const limit = durationLimitsMs[index];
    calls += count;
    return [{ service, operation, le: limit === undefined ? "+Inf" : limit / 1000 }, calls, "_bucket"];
  });
  return [...cumulative, [{ service, operation }, totalMs / 1000, "_sum"], [{ service, operation }, calls, "_count"]];
}

type Count = (...types: readonly string[]) => number;

function functionMetrics(count: Count): readonly string[] {
  const results: readonly Sample[] = [
    [{ result: "success" }, count("function.returned")],
    [{ result: "error" }, count("function.failed")],
  ];
  const failed = count("function.environmentInitFailed");
  return [
    metric("localemu_invocations_total", "counter", "Invocations that have ended.", results),
    metric(
      "localemu_cold_starts_total",
      "counter",
      "Environments that began.",
      alone(count("function.environmentStarted")),
    ),
    metric("localemu_init_failures_total", "counter", "Environments that could not initialize.", alone(failed)),
  ];
}

const conditions = ["RetryAttemptsExhausted", "RecordAgeExceeded", "MaximumPayloadSizeExceeded"];

function mappingMetrics(count: Count): readonly string[] {
  const batches: readonly Sample[] = [
    [{ result: "success" }, count("mapping.batchSucceeded")],
    [{ result: "partial" }, count("mapping.partialFailure")],
    [{ result: "failure" }, count("mapping.batchFailed")],
    [{ result: "notInvoked" }, count("mapping.notInvoked")],
  ];
  const discarded = conditions.map((condition): Sample => [
    { condition },
    count(`mapping.recordsDiscarded.${condition}`),
  ]);
  const reports: readonly Sample[] = [
    [{ result: "delivered" }, count("mapping.failureReported")],
    [{ result: "failed" }, count("mapping.failureReportFailed")],
  ];
  const retries = count("mapping.retryScheduled", "mapping.windowRetryScheduled");
  return [
    metric(
      "localemu_mapping_batches_total",
      "counter",
      "Batches of event source mappings by what they came to.",
      batches,
    ),
    metric("localemu_mapping_retries_total", "counter", "Batches and windows that are tried again.", alone(retries)),
    metric("localemu_mapping_records_discarded_total", "counter", "Records that mappings gave up.", discarded),
    metric("localemu_mapping_failure_reports_total", "counter", "Reports to destinations of failures.", reports),
    metric("localemu_mapping_read_failures_total", "counter", "Reads that failed.", alone(count("mapping.readFailed"))),
    metric("localemu_stream_records_total", "counter", "Records put into streams.", alone(count("stream.recordsPut"))),
    metric("localemu_internal_errors_total", "counter", "Bugs of LocalEmu.", alone(count("internalError"))),
  ];
}

function resourceMetrics(worlds: readonly World[]): readonly string[] {
  const counts = worlds.map(countsOf);
  const gauge = (name: keyof Omit<WorldCounts, "name">, help: string, as: string = name): string =>
    metric(`localemu_${as}`, "gauge", help, alone(counts.reduce((sum, { [name]: value }) => sum + value, 0)));
  const age = Math.max(0, ...worlds.map(iteratorAgeOf)) / 1000;
  const ageHelp = "Age of the oldest record that a mapping has read and not finished, in world time.";
  return [
    metric("localemu_mapping_iterator_age_seconds", "gauge", ageHelp, alone(age)),
    metric("localemu_worlds", "gauge", "Worlds.", alone(worlds.length)),
    gauge("streams", "Streams."),
    gauge("functions", "Functions."),
    gauge("environments", "Execution environments that live."),
    gauge("mappings", "Event source mappings."),
    gauge("queues", "Queues."),
    gauge("workTimers", "Timers that something waits for.", "work_timers"),
    gauge("underWay", "Things that are being done.", "under_way"),
  ];
}

/** Under the names that clients of Prometheus for Node.js use. */
function processMetrics(delay: EventLoopDelay): readonly string[] {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  // Nothing was measured before the first look.
  const seconds = (nanoseconds: number): readonly Sample[] => alone(delay.count === 0 ? 0 : nanoseconds / 1e9);
  return [
    metric("process_resident_memory_bytes", "gauge", "Resident memory.", alone(rss)),
    metric("nodejs_heap_size_used_bytes", "gauge", "Heap in use.", alone(heapUsed)),
    metric("process_cpu_seconds_total", "counter", "CPU time, user and system.", alone((user + system) / 1e6)),
    metric("nodejs_eventloop_lag_mean_seconds", "gauge", "Mean delay of the event loop.", seconds(delay.mean)),
    metric("nodejs_eventloop_lag_p99_seconds", "gauge", "99th percentile of it.", seconds(delay.percentile(99))),
    metric("nodejs_eventloop_lag_max_seconds", "gauge", "Longest delay.", seconds(delay.max)),
  ];
}
