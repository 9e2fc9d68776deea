import {
  createLambdaRuntime,
  NobodyAttachedError,
  NoEnvironmentError,
  RuntimeClosedError,
} from "@localemu/lambda-runtime";
import type {
  Docker,
  FunctionErrorCause,
  FunctionSpec,
  FunctionUsers,
  LambdaRuntime,
  RuntimeEvent,
} from "@localemu/lambda-runtime";
import { accountId } from "../../../core/arns.ts";
import type { Clock } from "../../../core/clock.ts";
import type { HostTime } from "../../../core/host-time.ts";
import type { Ids } from "../../../core/ids.ts";
import type { EnvironmentEvent, FunctionErrorKind, FunctionPool, FunctionRuntime, PoolSpec } from "./ports.ts";

export interface ProcessRuntimeOptions {
  readonly clock: Clock;
  readonly host: HostTime;
  readonly ids: Ids;
  /** A directory for the environments' own files. */
  readonly workDirectory: string;
  /** How long an environment may be idle, world time, and take to start, host time; milliseconds. Default AWS's. */
  readonly limits?: { readonly idleTimeoutMs: number; readonly startTimeoutMs: number };
  /** What runs container images; default nothing. */
  readonly docker?: Docker | undefined;
  /** Who functions' processes are; default this process's user. */
  readonly users?: FunctionUsers | undefined;
  /** What every function has. Default AWS's. */
  readonly functions?: Pick<FunctionSpec, "maxResponseBytes" | "postInvokeWaitMs" | "nodeModules">;
  /** Whether functions that ask for a debugger get one. Default false. */
  readonly debugMode?: boolean;
}

/** Runs functions in child processes. */
export interface ProcessRuntime extends FunctionRuntime {
  /** Kills every process without waiting, for a host's `exit` event. */
  killAll(): void;
}

export function createProcessRuntime(options: ProcessRuntimeOptions): ProcessRuntime {
  const { clock, host, ids, workDirectory, limits, docker, users, functions, debugMode = false } = options;
  const runtimes = new Set<LambdaRuntime>();
  return {
    createPool(spec) {
      // A runtime for each pool: log lines and events find their function, and closing it ends this pool at once.
      const runtime = createLambdaRuntime({
        clock: {
          now: () => clock.now(),
          schedule: (delayMs, label, fire) => clock.schedule(delayMs, { kind: "housekeeping", label }, fire),
        },
        hostTime: host,
        newId: () => ids.uuid(),
        workDirectory,
        ...(docker === undefined ? {} : { docker }),
        ...(users === undefined ? {} : { users }),
        ...limits,
        log: { write: ({ stream, timestamp, message }) => spec.onLog(stream, timestamp, message) },
        onEvent: (event) => reportEnvironment(spec, event),
      });
      runtimes.add(runtime);
      const debug = debugMode && inspects.test(spec.environment["NODE_OPTIONS"] ?? "");
      return poolOf(runtime, { ...spec, ...functions, accountId, debug }, () => runtimes.delete(runtime));
    },
    killAll() {
      for (const runtime of runtimes) runtime.killAll();
    },
  };
}

/** Node.js waits for a debugger, or lets one come. */
const inspects = /--inspect\b/;

function poolOf(runtime: LambdaRuntime, spec: FunctionSpec, onGone: () => void): FunctionPool {
  const pool = runtime.createPool(spec);
  return {
    outside: pool,
    get provisioned() {
      return pool.provisioned;
    },
    provision: (count) => pool.provision(count),
    async invoke(invocation) {
      try {
        const { requestId, invokedFunctionArn, payload, clientContext, traceId, onResponse } = invocation;
        const outcome = await pool.invoke({
          requestId,
          invokedFunctionArn,
          payload,
          ...(clientContext === undefined ? {} : { clientContext }),
          ...(traceId === undefined ? {} : { traceId }),
          ...(onResponse === undefined ? {} : { onResponse }),
        });
        const { payload: answer, contentType, logTail, durationMs, functionError } = outcome;
        const ended = { payload: answer, contentType, logTail, durationMs };
        if (functionError === undefined) return { kind: "success", ...ended };
        return { kind: "functionError", error: errorKinds[functionError.cause], ...ended };
      } catch (error) {
        const failed =
          error instanceof RuntimeClosedError ||
          error instanceof NoEnvironmentError ||
          error instanceof NobodyAttachedError;
        if (failed) return { kind: "failed", message: error.message };
        throw error;
      }
    },
    async close() {
      await pool.close();
      onGone();
    },
    async kill() {
      await runtime.close();
      onGone();
    },
  };
}

const errorKinds: Readonly<Record<FunctionErrorCause, FunctionErrorKind>> = {
  handler: "unhandled",
  timeout: "timeout",
  exit: "exit",
  init: "init",
  start: "init",
  responseTooLarge: "responseTooLarge",
  truncatedResponse: "exit",
  invalidResponseMode: "unhandled",
};

function reportEnvironment({ onEnvironment }: PoolSpec, event: RuntimeEvent): void {
  const change = environmentChange(event);
  if (change !== undefined) onEnvironment(change);
}

function environmentChange(event: RuntimeEvent): EnvironmentEvent | undefined {
  const environment = event.environmentId;
  if (event.type === "environmentStarting") return { type: "starting", environment };
  if (event.type === "environmentStarted") return { type: "started", environment };
  if (event.type === "environmentInitialized") return { type: "ready", environment, initMs: event.durationMs };
  if (event.type === "environmentExited") return { type: "stopped", environment, reason: event.reason };
  if (event.type === "environmentInitFailed") {
    return { type: "initFailed", environment, error: event.errorType, output: event.output };
  }
  // The end of an environment is that of its process, and invocations are recorded where they are asked for.
  return undefined;
}
