import type { FunctionSpec, RuntimeEvent } from "../contract.ts";
import type { HostTime, RuntimeLog } from "../ports.ts";
import type { Answer } from "../runtime-api/answer.ts";
import { concludeAnswer, concludeExit, concludeInitError, concludeStart, concludeTimeout } from "./conclusion.ts";
import type { Conclusion } from "./conclusion.ts";
import { Telemetry } from "../telemetry-api/telemetry.ts";
import { EnvironmentLog } from "./environment-log.ts";
import {
  accepts,
  NEW_ENVIRONMENT,
  soonFree,
  step,
  type EnvironmentCommand,
  type EnvironmentEvent,
  type EnvironmentNote,
  type EnvironmentSettings,
  type EnvironmentState,
  type GoneReason,
} from "./environment-machine.ts";
import { describeExit, exitType } from "./error-payload.ts";
import type { Execution, ExecutionExit, Executor } from "./executor.ts";
import { InitPhase } from "./init-phase.ts";
import type { Invocation } from "./invocation.ts";
import { advised } from "./missing-sdk.ts";
import { extension } from "./platform-events.ts";
import { OpenInvocations } from "./open-invocations.ts";

/** Host milliseconds. */
export interface EnvironmentLimits {
  readonly startMs: number;
  readonly initMs: number;
  /** How long its credentials are valid. */
  readonly lifetimeMs: number;
}

export interface EnvironmentOptions {
  readonly id: string;
  readonly spec: FunctionSpec;
  readonly settings: EnvironmentSettings;
  readonly limits: EnvironmentLimits;
  readonly executor: Executor;
  readonly hostTime: HostTime;
  readonly log: RuntimeLog | undefined;
  readonly logStream: string;
  /** World time, for the log. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly directory: string;
  /** Resolves when the code is in the directory; undefined where it is already. */
  readonly filled?: Promise<void> | undefined;
  /** Who its processes are; default this process's user. */
  readonly user?: number | undefined;
  readonly runtimeHash: string;
  readonly emit: (event: RuntimeEvent) => void;
  /** The environment can take an invocation. */
  readonly onAvailable: (environment: Environment) => void;
  /** The environment takes no more invocations. */
  readonly onLeft: (environment: Environment, reason: GoneReason) => void;
  /** It was detached before it answered this one. */
  readonly onGivenBack?: (invocation: Invocation) => void;
}

/** What a completion brings along for those who are told of it. */
interface Detail {
  readonly answer?: Answer;
  readonly exit?: ExecutionExit;
  readonly initError?: { readonly payload: Uint8Array; readonly errorType: string };
  /** Why the process is ended, for the timeline. */
  readonly why?: string;
}

/** One execution environment: a log stream, directories of its own for code, `/tmp` and `/opt`, and one execution after the other. Drives the machine. */
export class Environment {
  readonly id: string;
  readonly directory: string;
  readonly filled: Promise<void> | undefined;
  readonly user: number | undefined;
  /** Resolves when nothing of it is left but its directory. */
  readonly gone: Promise<void>;
  /** World time of the last use. */
  lastUsed: number;
  readonly #options: EnvironmentOptions;
  readonly #log: EnvironmentLog;
  readonly #telemetry: Telemetry;
  readonly #open: OpenInvocations;
  readonly #init: InitPhase;
  #state: EnvironmentState = NEW_ENVIRONMENT;
  #execution: Execution | undefined;
  #endReason: string | undefined;
  #timer: { readonly of: "start" | "init"; readonly cancel: () => void } | undefined;
  #cancelLifetime: () => void = () => undefined;
  #resolveGone: () => void = () => undefined;
  /** Answers that are still to be accounted for: what comes after them must wait. */
  #delayed = 0;

  constructor(options: EnvironmentOptions) {
    const { id, spec, directory, hostTime, emit } = options;
    this.#options = options;
    this.id = id;
    this.directory = directory;
    this.filled = options.filled;
    this.user = options.user;
    this.lastUsed = options.now();
    const about = { environmentId: id, functionName: spec.functionName, version: spec.version };
    this.#telemetry = new Telemetry(hostTime, options.now);
    this.#log = new EnvironmentLog({
      group: spec.logGroup,
      stream: options.logStream,
      log: options.log,
      now: options.now,
      telemetry: this.#telemetry,
      format: spec.logFormat ?? "Text",
      systemLogLevel: spec.systemLogLevel ?? "INFO",
    });
    this.#init = new InitPhase(options, this.#log, about);
    this.#open = new OpenInvocations({ spec, hostTime, log: this.#log, emit, about, newId: options.newId });
    this.gone = new Promise((resolve) => {
      this.#resolveGone = resolve;
    });
  }

  get leaving(): boolean {
    return this.#state.name === "stopping" || this.#state.name === "gone";
  }

  /** Whether it can be given an invocation now. */
  get accepts(): boolean {
    return accepts(this.#state);
  }

  /** Whether its init phase is over, and it is not about to end. */
  get initialized(): boolean {
    return this.#state.name === "ready" || this.#state.name === "invoking";
  }

  /** Whether its process runs. */
  get warm(): boolean {
    return this.#state.process === "running";
  }

  /** How many more invocations it will take within moments. */
  get soonFree(): number {
    return soonFree(this.#state, this.#options.settings);
  }

  /** Begins the init phase. */
  start(): void {
    const { hostTime, limits, spec } = this.#options;
    this.#emit({ type: "environmentStarting" });
    this.#launch("init");
    this.#syncTimer();
    // AWS: an environment ends before its credentials do. What it takes last may need the whole time-out.
    const untilLast = Math.max(0, limits.lifetimeMs - spec.timeoutMs);
    this.#cancelLifetime = hostTime.setTimeout(
      () => this.#feed({ type: "lifetimeOver" }, { why: "expired" }),
      untilLast,
    );
  }

  /** Runs an invocation; allowed when it accepts one. */
  run(invocation: Invocation): void {
    const { requestId } = invocation.request;
    this.#open.begin(invocation, () => this.#feed({ type: "invokeTimedOut", requestId }, { why: "timeout" }));
    this.#feed({ type: "invoke", requestId });
  }

  /** Tells a caller that no environment came to be for its invocation. */
  refuse(invocation: Invocation): void {
    const { requestId } = invocation.request;
    const { startMs } = this.#options.limits;
    this.#open.begin(invocation, () => undefined);
    this.#open.conclude(requestId, this.#init.failure(requestId) ?? concludeStart(requestId, startMs), 0);
    this.#open.release(requestId);
  }

  /** It has been idle for too long: ends it, if nobody has taken it meanwhile. */
  expire(): void {
    this.#feed({ type: "idleTooLong" }, { why: "idle" });
  }

  /** Takes no more invocations, lets those in it finish, then ends it. */
  stop(why: string): Promise<void> {
    this.#feed({ type: "stop" }, { why });
    return this.gone;
  }

  /** Ends it at once; invocations in it are rejected. */
  abort(why: string): Promise<void> {
    this.#feed({ type: "abort" }, { why });
    return this.gone;
  }

  /** Kills what runs, for a host that is about to end; invocations in it tell of it if there is time. */
  kill(): void {
    this.#execution?.kill();
  }

  #feed(event: EnvironmentEvent, detail: Detail = {}): void {
    const before = this.#state;
    const { state, commands, notes } = step(before, event, this.#options.settings);
    this.#state = state;
    this.#syncTimer();
    for (const note of notes) {
      this.#note(note, detail);
    }
    if (state.reason !== undefined && before.reason === undefined) {
      this.#options.onLeft(this, state.reason);
    }
    for (const command of commands) {
      this.#perform(command, detail);
    }
  }

  #perform(command: EnvironmentCommand, detail: Detail): void {
    switch (command.do) {
      case "launch":
        this.#launch("invoke");
        return;
      case "deliver":
        this.#init.end();
        this.#execution?.deliver(this.#open.delivery(command.requestId));
        return;
      case "conclude":
        this.#conclude(command, detail);
        return;
      case "reject":
        this.#open.reject(command.requestId);
        return;
      case "giveBack":
        this.#options.onGivenBack?.(this.#open.giveBack(command.requestId));
        return;
      case "release":
        this.#open.release(command.requestId);
        return;
      case "giveUp":
        this.#execution?.giveUp(command.requestId);
        return;
      case "end":
        this.#endReason = detail.why ?? "stopped";
        this.#execution?.end(command.why);
        return;
      case "kill":
        this.#endReason = detail.why ?? "stopped";
        this.#execution?.kill();
        return;
      case "offer":
        this.lastUsed = this.#options.now();
        this.#options.onAvailable(this);
        return;
      case "dispose":
        this.#cancelLifetime();
        this.#emit({ type: "environmentGone", reason: this.#state.reason ?? "stopped" });
        this.#resolveGone();
    }
  }

  #conclude(command: EnvironmentCommand & { readonly do: "conclude" }, detail: Detail): void {
    const { requestId, initializing } = command;
    const conclusion = advised(this.#conclusion(command, detail), this.#options.spec.runtime);
    if (initializing) {
      this.#init.report(conclusion.status, conclusion.errorType);
    }
    this.#open.conclude(requestId, conclusion, this.#execution?.pid ?? 0, this.#init.takeDuration());
  }

  #conclusion({ requestId, cause }: EnvironmentCommand & { readonly do: "conclude" }, detail: Detail): Conclusion {
    const { hostTime, spec, limits } = this.#options;
    const { answer, exit, initError } = detail;
    if (cause === "answer" && answer !== undefined) return concludeAnswer(answer, requestId);
    if (cause === "initError" && initError !== undefined) return concludeInitError(initError);
    if (cause === "exit" && exit !== undefined) return concludeExit(requestId, exit);
    if (cause === "startTimedOut") return concludeStart(requestId, limits.startMs);
    return concludeTimeout(requestId, spec.timeoutMs, hostTime.epoch());
  }

  #note(note: EnvironmentNote, { exit, initError }: Detail): void {
    if (note.note === "initialized") {
      this.#init.succeeded();
    } else {
      const timedOut = note.cause === "timeout" || note.cause === "startTimedOut";
      this.#init.failed(
        timedOut ? "timeout" : (initError?.errorType ?? (exit === undefined ? "error" : exitType(exit))),
        {
          ...(exit === undefined ? {} : { exit }),
          ...(initError === undefined ? {} : { initError }),
        },
      );
    }
  }

  #launch(phase: "init" | "invoke"): void {
    const { spec, settings, hostTime, executor, directory, newId, user } = this.#options;
    this.#endReason = undefined;
    this.#telemetry.reopen();
    this.#init.begin(phase);
    this.#open.newProcess();
    this.#execution = executor.launch(
      {
        spec: { ...spec, optRoot: spec.optRoot ?? `${directory}/opt` },
        filled: this.filled,
        hostTime,
        newId,
        logStream: this.#log.stream,
        temporaryDirectory: `${directory}/tmp`,
        maxConcurrency: settings.maxConcurrency,
        user,
        telemetry: this.#telemetry,
      },
      {
        started: (pid) => {
          this.#emit({ type: "environmentStarted", logStream: this.#log.stream, pid });
          this.#open.processStarted();
          this.#feed({ type: "started" });
        },
        output: (source, message, timestamp) => {
          this.#open.output(message);
          this.#init.output(message);
          this.#log.output(source, message, timestamp);
        },
        ready: (after) => {
          if (after === undefined) this.#open.initialized(this.#execution?.pid ?? 0);
          this.#inOrder(() => this.#feed({ type: "ready", after }));
        },
        initError: (payload, errorType) =>
          this.#inOrder(() =>
            this.#feed({ type: "initError" }, { initError: { payload, errorType }, why: "init error" }),
          ),
        responding: (requestId) => this.#open.responding(requestId),
        answered: (requestId, answer, producedBytes) => {
          this.#open.responded(requestId, producedBytes);
          this.#afterOutput(() => this.#feed({ type: "answered", requestId }, { answer }));
        },
        runtimeDone: (requestId) => this.#inOrder(() => this.#open.runtimeDone(requestId)),
        extensions: (extensions) => extensions.forEach((one) => this.#log.platform(extension(one))),
        crashed: (exit) => this.#inOrder(() => this.#feed({ type: "crashed" }, { exit })),
        exited: (exit) => this.#inOrder(() => this.#onExited(exit)),
        detached: () => this.#inOrder(() => this.#onDetached()),
      },
    );
  }

  #onExited(exit: ExecutionExit): void {
    this.#emit({ type: "environmentExited", reason: this.#endReason ?? describeExit(exit) });
    this.#execution = undefined;
    this.#feed({ type: "exited" }, { exit });
  }

  #onDetached(): void {
    this.#emit({ type: "environmentExited", reason: this.#endReason ?? "detached" });
    this.#execution = undefined;
    this.#feed({ type: "detached" });
  }

  /** What the function wrote before its answer is in the pipes already: one turn of the event loop reads it, if nobody waits longer. */
  #afterOutput(act: () => void): void {
    const { hostTime, spec } = this.#options;
    const { postInvokeWaitMs: waitMs = 0 } = spec;
    const done = (): void => {
      this.#delayed -= 1;
      act();
    };
    this.#delayed += 1;
    if (waitMs > 0) hostTime.setTimeout(done, waitMs);
    else hostTime.setImmediate(done);
  }

  #inOrder(act: () => void): void {
    if (this.#delayed === 0) {
      act();
    } else {
      this.#afterOutput(act);
    }
  }

  #syncTimer(): void {
    const { name, process } = this.#state;
    const wanted =
      process === "launching" ? "start" : process === "initializing" && name === "starting" ? "init" : undefined;
    if (this.#timer?.of === wanted) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (wanted === undefined || this.#options.spec.debug === true) return;
    const { hostTime, limits } = this.#options;
    const fire = (): void =>
      this.#feed({ type: wanted === "start" ? "startTimedOut" : "initTimedOut" }, { why: "init timeout" });
    const cancel = hostTime.setTimeout(fire, wanted === "start" ? limits.startMs : limits.initMs);
    this.#timer = { of: wanted, cancel };
  }

  #emit(
    event:
      | { readonly type: "environmentStarting" }
      | { readonly type: "environmentStarted"; readonly logStream: string; readonly pid: number }
      | { readonly type: "environmentExited"; readonly reason: string }
      | { readonly type: "environmentGone"; readonly reason: GoneReason },
  ): void {
    const { functionName, version } = this.#options.spec;
    this.#options.emit({ ...event, environmentId: this.id, functionName, version });
  }
}
