import type { PlatformEvent } from "../telemetry-api/telemetry.ts";
import type { ExtensionDescription } from "./executor.ts";
import type { InitializationType } from "./environment-machine.ts";

/** What the platform tells of an environment. AWS: lines recorded on AWS, records and levels from AWS docs. */

export type Status = "success" | "failure" | "error" | "timeout";

interface Ended {
  readonly status: Status;
  readonly errorType?: string | undefined;
}

export interface InitOf {
  readonly initializationType: InitializationType;
  readonly phase: "init" | "invoke";
}

export interface Runtime {
  /** For example `nodejs24.x`; empty for a container image, which has its own. */
  readonly name: string;
  readonly region: string;
  readonly hash: string;
  readonly functionName: string;
  readonly functionVersion: string;
}

export function initStart(of: InitOf, runtime: Runtime): PlatformEvent {
  const [, name = runtime.name, version = ""] = /^([a-z]+)([\w.]*)$/.exec(runtime.name) ?? [];
  const label = version === "" ? name : `${name}:${version.replace(/^\./, "").replace(/\.x$/, "")}`;
  const runtimeVersion = `${label}.v1`;
  const runtimeVersionArn = `arn:aws:lambda:${runtime.region}::runtime:${runtime.hash}`;
  const { functionName, functionVersion } = runtime;
  const level = "INFO";
  // Assumed: there is nothing to tell of a runtime that is not the platform's.
  if (runtime.name === "")
    return { type: "platform.initStart", level, record: { ...of, functionName, functionVersion } };
  const text = `INIT_START Runtime Version: ${runtimeVersion}\tRuntime Version ARN: ${runtimeVersionArn}\n`;
  return {
    type: "platform.initStart",
    level,
    record: { ...of, runtimeVersion, runtimeVersionArn, functionName, functionVersion },
    // AWS: a second initialization of the same environment has no line.
    ...(of.phase === "init" ? { text } : {}),
  };
}

export function initRuntimeDone(of: InitOf, ended: Ended): PlatformEvent {
  const level = ended.status === "success" ? "DEBUG" : "WARN";
  return { type: "platform.initRuntimeDone", level, record: { ...of, ...ended } };
}

/** AWS: the line is written only of an initialization that failed. */
export function initReport(of: InitOf, ended: Ended, durationMs: number): PlatformEvent {
  const { initializationType, phase } = of;
  const failed = ended.status !== "success";
  const level = initializationType === "on-demand" ? (failed ? "WARN" : "DEBUG") : "INFO";
  const record = { ...of, ...ended, metrics: { durationMs: rounded(durationMs) } };
  const text = `INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms\tPhase: ${phase}\t${statusText(ended)}\n`;
  return { type: "platform.initReport", level, record, ...(failed ? { text } : {}) };
}

export function start(requestId: string, version: string, traceId: string | undefined): PlatformEvent {
  return {
    type: "platform.start",
    level: "INFO",
    record: { requestId, version, ...tracing(traceId) },
    text: `START RequestId: ${requestId} Version: ${version}\n`,
  };
}

export interface Span {
  readonly name: "responseLatency" | "responseDuration" | "runtimeOverhead";
  /** ISO 8601. */
  readonly start: string;
  readonly durationMs: number;
}

export interface DoneFigures extends Ended {
  readonly requestId: string;
  readonly durationMs: number;
  readonly producedBytes: number | undefined;
  readonly spans: readonly Span[];
  readonly traceId: string | undefined;
}

export function runtimeDone(figures: DoneFigures): PlatformEvent {
  const { requestId, status, errorType, durationMs, producedBytes, spans, traceId } = figures;
  const metrics = { durationMs: rounded(durationMs), producedBytes };
  const record = { requestId, status, errorType, metrics, ...tracing(traceId), spans };
  return { type: "platform.runtimeDone", level: status === "success" ? "DEBUG" : "WARN", record };
}

export function endLine(requestId: string): string {
  return `END RequestId: ${requestId}\n`;
}

export interface ReportFigures extends Ended {
  readonly requestId: string;
  readonly durationMs: number;
  readonly memorySizeMb: number;
  readonly maxMemoryMb: number;
  /** Only on the first invocation of an environment. */
  readonly initDurationMs: number | undefined;
  /** Whether the platform ended the invocation, and not the function: then the line tells how. */
  readonly byPlatform: boolean;
  readonly traceId: string | undefined;
}

export function report(figures: ReportFigures): PlatformEvent {
  const { requestId, durationMs, memorySizeMb, maxMemoryMb, initDurationMs, status, errorType } = figures;
  const billedDurationMs = Math.ceil(durationMs);
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedDurationMs} ms`,
    `Memory Size: ${memorySizeMb} MB`,
    `Max Memory Used: ${maxMemoryMb} MB`,
  ];
  if (initDurationMs !== undefined) {
    fields.push(`Init Duration: ${initDurationMs.toFixed(2)} ms`);
  }
  fields.push(figures.byPlatform ? statusText(figures) : "");
  const metrics = {
    durationMs: rounded(durationMs),
    billedDurationMs,
    memorySizeMB: memorySizeMb,
    maxMemoryUsedMB: maxMemoryMb,
    initDurationMs: initDurationMs === undefined ? undefined : rounded(initDurationMs),
  };
  return {
    type: "platform.report",
    level: status === "success" ? "INFO" : "WARN",
    record: { requestId, metrics, status, errorType, ...tracing(figures.traceId) },
    text: `${fields.join("\t")}\n${xrayLine(figures.traceId)}`,
  };
}

export function extension({ name, state, events, errorType }: ExtensionDescription): PlatformEvent {
  const failure = errorType === undefined ? "" : `\tError Type: ${errorType}`;
  return {
    type: "platform.extension",
    level: errorType === undefined ? "DEBUG" : "WARN",
    record: { name, state, events, errorType },
    text: `EXTENSION\tName: ${name}\tState: ${state}\tEvents: [${events.join(",")}]${failure}\n`,
  };
}

export function timedOutLine(now: number, requestId: string, seconds: string): string {
  return `${new Date(now).toISOString()} ${requestId} Task timed out after ${seconds} seconds\n\n`;
}

export function failureLine(failure: { readonly errorType: string; readonly errorMessage: string }): string {
  return `${failure.errorMessage}\n${failure.errorType}\n`;
}

function statusText({ status, errorType }: Ended): string {
  return status === "timeout" ? "Status: timeout" : `Status: error\tError Type: ${errorType}`;
}

function tracing(value: string | undefined): object {
  return value === undefined ? {} : { tracing: { type: "X-Amzn-Trace-Id", value } };
}

/** AWS: of an invocation that is sampled, with the segment that the function sees as its parent (AWS docs). */
function xrayLine(traceId: string | undefined): string {
  const [, root, segment] = /^Root=([^;]*);Parent=([^;]*);Sampled=1/.exec(traceId ?? "") ?? [];
  return root === undefined ? "" : `XRAY TraceId: ${root}\tSegmentId: ${segment}\tSampled: true\t\n`;
}

/** AWS: microseconds are told. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
