import type { FunctionSpec, RuntimeEvent } from "../contract.ts";
import type { HostTime } from "../ports.ts";
import { concludeExit, concludeInitError, type Conclusion } from "./conclusion.ts";
import type { EnvironmentLog } from "./environment-log.ts";
import type { EnvironmentSettings } from "./environment-machine.ts";
import type { ExecutionExit } from "./executor.ts";
import { missingSdk } from "./missing-sdk.ts";
import * as events from "./platform-events.ts";

/** How much of the output of an init is kept for the report of its failure. */
const MAX_OUTPUT_LINES = 200;

export interface About {
  readonly environmentId: string;
  readonly functionName: string;
  readonly version: string;
}

export interface InitFailure {
  readonly exit?: ExecutionExit;
  readonly initError?: { readonly payload: Uint8Array; readonly errorType: string };
}

interface InitOptions {
  readonly spec: FunctionSpec;
  readonly hostTime: HostTime;
  readonly settings: EnvironmentSettings;
  readonly runtimeHash: string;
  readonly emit: (event: RuntimeEvent) => void;
}

/** What is told of the initialization of one environment, in the init phase and inside an invocation. */
export class InitPhase {
  readonly #options: InitOptions;
  readonly #log: EnvironmentLog;
  readonly #about: About;
  #startedAt = 0;
  #durationMs: number | undefined;
  #output: string[] = [];
  #active = false;
  #phase: "init" | "invoke" = "init";
  #failure: InitFailure | undefined;

  constructor(options: InitOptions, log: EnvironmentLog, about: About) {
    this.#options = options;
    this.#log = log;
    this.#about = about;
  }

  /** A process starts: the first of the environment, or one inside an invocation. */
  begin(phase: "init" | "invoke"): void {
    const { spec, runtimeHash: hash } = this.#options;
    const { runtime: name, region, functionName, version: functionVersion } = spec;
    this.#phase = phase;
    this.#log.platform(events.initStart(this.#of(), { name, region, hash, functionName, functionVersion }));
    this.#startedAt = this.#options.hostTime.monotonic();
    this.#output = [];
    this.#active = true;
  }

  /** The process works: what it writes is the function's output from now on. */
  end(): void {
    if (this.#active) {
      this.report("success");
    }
    this.#active = false;
    this.#output = [];
  }

  output(message: string): void {
    if (this.#active && this.#output.length < MAX_OUTPUT_LINES) {
      this.#output.push(...message.replace(/\n+$/, "").split("\n"));
    }
  }

  succeeded(): void {
    const durationMs = this.#elapsed();
    this.#durationMs = durationMs;
    this.end();
    this.#options.emit({ type: "environmentInitialized", ...this.#about, durationMs });
  }

  failed(errorType: string, failure: InitFailure): void {
    this.#failure = failure;
    const advice = failure.initError && missingSdk(this.#options.spec.runtime, failure.initError.payload);
    if (advice !== undefined) {
      this.output(advice);
      this.#log.failure(advice);
    }
    this.report(errorType === "timeout" ? "timeout" : "error", errorType);
    // It says which of many environments it was, and may be read without the function's log.
    const output = this.#output.map((line) => `[lambda ${this.#about.environmentId}] ${line}`);
    this.#options.emit({ type: "environmentInitFailed", ...this.#about, errorType, output });
  }

  /** What became of it, once for each process. */
  report(status: events.Status, errorType?: string): void {
    if (!this.#active) return;
    this.#active = false;
    const ended = { status, ...(status === "success" || status === "timeout" ? {} : { errorType }) };
    this.#log.platform(events.initRuntimeDone(this.#of(), ended));
    this.#log.platform(events.initReport(this.#of(), ended, this.#elapsed()));
  }

  /** Milliseconds from start to ready, for the first REPORT. AWS: only of environments that were started on demand. */
  takeDuration(): number | undefined {
    const durationMs = this.#options.settings.initializationType === "on-demand" ? this.#durationMs : undefined;
    this.#durationMs = undefined;
    return durationMs;
  }

  /** What an invocation is told for which no environment came to be, if it was the function's doing. */
  failure(requestId: string): Conclusion | undefined {
    const { exit, initError } = this.#failure ?? {};
    if (initError !== undefined) return concludeInitError(initError);
    return exit === undefined ? undefined : concludeExit(requestId, exit);
  }

  #of(): events.InitOf {
    return { initializationType: this.#options.settings.initializationType, phase: this.#phase };
  }

  #elapsed(): number {
    return this.#options.hostTime.monotonic() - this.#startedAt;
  }
}
