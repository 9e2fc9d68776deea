import type { TimelineEvent } from "@localemu/control";
import { fakeHostTime } from "../../core/fake-host-time.ts";
import { randomIds } from "../../core/ids.ts";
import { WorldClock } from "../../core/world-clock.ts";
import { AwsError } from "../../protocols/errors.ts";
import type { CallContext } from "../../protocols/operations.ts";
import { MemoryLog } from "../../storage/memory-log.ts";
import { createStream } from "./operations/create-stream.ts";
import type { KinesisSettings } from "./ports.ts";
import { KinesisState } from "./state/kinesis-state.ts";
import type { StatePorts } from "./state/kinesis-state.ts";

export const call: CallContext = {
  region: "us-east-1",
  accountId: "000000000000",
  requestId: "a-request",
  accessKeyId: "a-key",
  origin: "http://127.0.0.1:4566",
  signal: new AbortController().signal,
};

/** Kinesis without a gateway, on a clock that passes only when the test says so. */
export function kinesisUnderTest(settings: Partial<KinesisSettings> = {}) {
  const host = fakeHostTime();
  const events: TimelineEvent[] = [];
  const clock = new WorldClock(host, (error) => {
    throw error;
  });
  const ports: StatePorts = {
    clock,
    ids: randomIds(),
    record: (event) => events.push(event),
    settings: { shardLimit: 500, latencyMs: 0, throughputLimits: false, ...settings },
    openLog: () => new MemoryLog(),
  };
  return { state: new KinesisState(ports), ports, clock, events, pass: (ms: number) => host.pass(ms) };
}

/** The same with a stream `orders` of `shardCount` shards. */
export function kinesisWithStream(shardCount: number) {
  const kinesis = kinesisUnderTest();
  createStream(kinesis.state, { StreamName: "orders", ShardCount: shardCount }, call);
  const stream = kinesis.state.find("us-east-1", "orders");
  if (stream === undefined) throw new Error("the stream was not created");
  return { ...kinesis, stream };
}

/** The error that `act` ends with, as `Code: message`. */
export function failureOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "no failure";
}
