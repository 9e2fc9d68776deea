import { CreateStreamCommand, GetRecordsCommand, PutRecordCommand } from "@aws-sdk/client-kinesis";
import { CreateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { startTestEmulator } from "./emulator.ts";
import { failureOf } from "./failure-of.ts";
import { createFunction, invoke, processFunction } from "./functions.ts";
import { rawRequest, signature } from "./raw-http.ts";

const mapping = {
  EventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/s",
  StartingPosition: "TRIM_HORIZON",
} as const;

interface Metrics {
  /** Samples by name and labels, as they are written. */
  readonly samples: ReadonlyMap<string, number>;
  readonly types: ReadonlyMap<string, string>;
}

const line = /^([a-z_]\w*)(\{(?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)+\})? (-?[\d.e+-]+|\+Inf|NaN)$/;

/** Reads Prometheus' exposition format, and is strict about it. */
function parse(text: string): Metrics {
  const samples = new Map<string, number>();
  const types = new Map<string, string>();
  const lines = text.split("\n");
  expect(lines.pop()).toBe("");
  let current = "";
  let help = "";
  for (const each of lines) {
    const [, helped] = /^# HELP (\w+) .+$/.exec(each) ?? [];
    const [, typed, type] = /^# TYPE (\w+) (counter|gauge|histogram)$/.exec(each) ?? [];
    if (helped !== undefined) help = helped;
    else if (typed !== undefined && type !== undefined) {
      expect(typed).toBe(help);
      expect(types.has(typed)).toBe(false);
      if (type === "counter") expect(typed).toMatch(/_total$/);
      types.set((current = typed), type);
    } else {
      const [, name = "", labels = "", value] = line.exec(each) ?? expect.fail(`no sample: ${each}`);
      expect(types.get(current) === "histogram" ? name.replace(/_(bucket|sum|count)$/, "") : name).toBe(current);
      expect(samples.has(name + labels)).toBe(false);
      samples.set(name + labels, Number(value));
    }
  }
  return { samples, types };
}

async function metricsOf(endpoint: string): Promise<Metrics> {
  const response = await fetch(`${endpoint}/_localemu/metrics`);
  expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  return parse(await response.text());
}

test("calls are counted by operation and status, with how long they took", async () => {
  await using emulator = await startTestEmulator();
  const { emu, kinesis } = emulator;
  await kinesis.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
  const put = (StreamName: string) =>
    kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: "k", Data: Buffer.from("1") }));
  await put("s");
  await put("s");
  await failureOf(put("none"));
  await failureOf(kinesis.send(new GetRecordsCommand({ ShardIterator: "" })));
  const { samples } = await metricsOf(emu.endpoint);
  const labels = (status: number): string => `{service="kinesis",operation="PutRecord",status="${status}"}`;
  expect(samples.get(`localemu_calls_total${labels(200)}`)).toBe(2);
  expect(samples.get(`localemu_calls_total${labels(400)}`)).toBe(1);
  expect(samples.get('localemu_calls_total{service="kinesis",operation="GetRecords",status="400"}')).toBe(1);
  expect(samples.get("localemu_stream_records_total")).toBe(2);

  const of = '{service="kinesis",operation="PutRecord"';
  expect(samples.get(`localemu_call_duration_seconds_count${of}}`)).toBe(3);
  expect(samples.get(`localemu_call_duration_seconds_sum${of}}`)).toBeGreaterThan(0);
  const buckets = [...samples].flatMap(([name, value]) =>
    name.startsWith(`localemu_call_duration_seconds_bucket${of},le=`) ? [value] : [],
  );
  expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
  expect(buckets.at(-1)).toBe(3);
});

test("functions and mappings are counted by what they came to, and what there is over all worlds", async () => {
  await using emulator = await startTestEmulator({ clock: "auto" });
  const { emu, kinesis, lambda, sqs } = emulator;
  await kinesis.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
  await sqs.send(new CreateQueueCommand({ QueueName: "dlq" }));
  await createFunction(lambda, "good", processFunction);
  await invoke(lambda, "good");
  await createFunction(lambda, "bad", `export const handler = async () => { throw new Error("bad"); };`);
  await lambda.send(
    new CreateEventSourceMappingCommand({
      ...mapping,
      FunctionName: "bad",
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:us-east-1:000000000000:dlq" } },
    }),
  );
  await kinesis.send(new PutRecordCommand({ StreamName: "s", PartitionKey: "k", Data: Buffer.from("1") }));
  await emu.idle();
  const world = await emu.createWorld();
  await world.createStream("other");
  const { samples } = await metricsOf(emu.endpoint);
  expect(Object.fromEntries([...samples].filter(([name]) => /^localemu_(?!call|info|under|work)/.test(name)))).toEqual({
    'localemu_invocations_total{result="success"}': 1,
    'localemu_invocations_total{result="error"}': 3,
    localemu_cold_starts_total: 2,
    localemu_init_failures_total: 0,
    'localemu_mapping_batches_total{result="success"}': 0,
    'localemu_mapping_batches_total{result="partial"}': 0,
    'localemu_mapping_batches_total{result="failure"}': 3,
    'localemu_mapping_batches_total{result="notInvoked"}': 0,
    localemu_mapping_retries_total: 2,
    'localemu_mapping_records_discarded_total{condition="RetryAttemptsExhausted"}': 1,
    'localemu_mapping_records_discarded_total{condition="RecordAgeExceeded"}': 0,
    'localemu_mapping_records_discarded_total{condition="MaximumPayloadSizeExceeded"}': 0,
    'localemu_mapping_failure_reports_total{result="delivered"}': 1,
    'localemu_mapping_failure_reports_total{result="failed"}': 0,
    localemu_mapping_read_failures_total: 0,
    localemu_stream_records_total: 1,
    localemu_internal_errors_total: 0,
    localemu_mapping_iterator_age_seconds: 0,
    localemu_worlds: 2,
    localemu_streams: 2,
    localemu_functions: 2,
    localemu_environments: 2,
    localemu_mappings: 1,
    localemu_queues: 1,
  });
});

test("the iterator age is that of the oldest record that is not finished, in world time", async () => {
  await using emulator = await startTestEmulator({ clock: "frozen" });
  const { emu, kinesis, lambda } = emulator;
  await kinesis.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
  await createFunction(lambda, "f", processFunction);
  const window = { MaximumBatchingWindowInSeconds: 60 };
  await lambda.send(new CreateEventSourceMappingCommand({ ...mapping, FunctionName: "f", ...window }));
  await kinesis.send(new PutRecordCommand({ StreamName: "s", PartitionKey: "k", Data: Buffer.from("1") }));
  await emu.clock.advance(12_000);
  const { samples } = await metricsOf(emu.endpoint);
  expect(samples.get("localemu_mapping_iterator_age_seconds")).toBe(12);
});

describe("names that a caller makes up", () => {
  test("are counted as one, and are no longer on the timeline than names are", async () => {
    await using emulator = await startTestEmulator();
    const { endpoint } = emulator.emu;
    const post = (headers: Record<string, string>, body: string) => rawRequest(endpoint, { headers, body });
    for (const name of ["Made", 'A"B\\C']) await post({ "x-amz-target": `AmazonSQS.${name}` }, "{}");
    for (const name of ["Made", "A".repeat(1_000_000)]) await post(signature("sns"), `Action=${name}&Version=1`);
    const longRole = `Action=AssumeRole&RoleArn=${"r".repeat(1_000_000)}&RoleSessionName=x&Version=2011-06-15`;
    const form = { "content-type": "application/x-www-form-urlencoded" };
    await post({ ...signature("sts"), ...form }, longRole);
    const { samples } = await metricsOf(endpoint);
    const counted = [...samples].filter(([name]) => /^localemu_calls_total{service="s[nq]s"/.test(name));
    expect(counted).toEqual([
      ['localemu_calls_total{service="sqs",operation="unknown",status="400"}', 2],
      ['localemu_calls_total{service="sns",operation="unknown",status="400"}', 2],
    ]);
    const failed = await emulator.emu.timeline();
    expect(failed).toHaveLength(5);
    expect(JSON.stringify(failed).length).toBeLessThan(10_000);
  });
});

test("calls that are refused before their operation is known are counted and told", async () => {
  await using emulator = await startTestEmulator();
  const { emu } = emulator;
  await rawRequest(emu.endpoint, { method: "PUT", headers: signature("kinesis") });
  const nobody = signature("sns")["authorization"]?.replace("AKIDEXAMPLE", "LEMUAAAAAAAAAAAAAAAA") ?? "";
  await rawRequest(emu.endpoint, { headers: { authorization: nobody }, body: "Action=ListTopics" });
  await rawRequest(emu.endpoint, { headers: signature("sts"), body: Buffer.alloc(80_000_000) });
  const { samples } = await metricsOf(emu.endpoint);
  expect(Object.fromEntries([...samples].filter(([name]) => name.startsWith("localemu_calls_total")))).toEqual({
    'localemu_calls_total{service="kinesis",operation="unknown",status="403"}': 1,
    'localemu_calls_total{service="sns",operation="unknown",status="403"}': 1,
    'localemu_calls_total{service="sts",operation="unknown",status="413"}': 1,
  });
  expect(await emu.timeline()).toMatchObject([
    { type: "call.failed", service: "sts", operation: "unknown", code: "RequestEntityTooLargeException" },
  ]);
});

test("the process tells its memory, CPU and event loop", async () => {
  await using emulator = await startTestEmulator();
  const { samples, types } = await metricsOf(emulator.emu.endpoint);
  expect(samples.get("process_resident_memory_bytes")).toBeGreaterThan(10_000_000);
  expect(samples.get("process_cpu_seconds_total")).toBeGreaterThan(0);
  expect(samples.get("nodejs_eventloop_lag_mean_seconds")).toBeGreaterThanOrEqual(0);
  expect(types.get("localemu_call_duration_seconds")).toBe("histogram");
});
