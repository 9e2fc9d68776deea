import {
  NoEnvironmentError,
  type EnvironmentPool,
  type FunctionSpec,
  type LambdaRuntime,
  type LambdaRuntimeOptions,
} from "./contract.ts";
import { Environment, type EnvironmentOptions } from "./environment/environment.ts";
import { FunctionEnvironments } from "./attached/function-environments.ts";
import { Pool } from "./environment/environment-pool.ts";
import { concurrencyOf } from "./environment/concurrency.ts";
import type { Executor } from "./environment/executor.ts";
import {
  makeEnvironmentDirectory,
  removePrivateDirectory,
  type EnvironmentDirectory,
} from "./process/environment-directory.ts";
import { leftoversEnded } from "./process/leftovers.ts";
import { runsInProcess } from "./process/launch-process.ts";
import { processExecutor } from "./process/process-executor.ts";
import { hostTime as platformTime, realClock } from "./host-time.ts";

const START_TIMEOUT_MS = 20_000;
const INIT_TIMEOUT_MS = 10_000;
// AWS: nobody waits for a provisioned environment (AWS docs).
const PROVISIONED_INIT_TIMEOUT_MS = 900_000;
// AWS: how long the credentials of the function's role are valid in an environment.
const LIFETIME_MS = 12 * 3_600_000;
const IDLE_TIMEOUT_MS = 600_000;
/** Long enough for a test process to come back from a reconnection, short enough to be waited for. */
const ATTACH_WAIT_MS = 10_000;

/**
 * Creates a runtime that runs functions in child processes, each behind a Runtime API of its own.
 *
 * @example
 * const runtime = createLambdaRuntime({ log: { write: ({ message }) => process.stdout.write(message) } });
 * const pool = runtime.createPool(spec);
 * const outcome = await pool.invoke({ requestId, payload, invokedFunctionArn });
 * await runtime.close();
 */
export function createLambdaRuntime(options: LambdaRuntimeOptions = {}): LambdaRuntime {
  return new ProcessRuntime(options);
}

/** What one kind of environments has and another has not. */
type EnvironmentParts = Pick<
  EnvironmentOptions,
  | "id"
  | "directory"
  | "filled"
  | "user"
  | "hostTime"
  | "executor"
  | "settings"
  | "onAvailable"
  | "onLeft"
  | "onGivenBack"
>;

/** The directory of an environment, whose it is, and where the function's are instead of where its spec says. */
interface MadeDirectory extends Partial<EnvironmentDirectory> {
  readonly directory: string;
  readonly user?: number | undefined;
}

class ProcessRuntime implements LambdaRuntime {
  readonly #options: LambdaRuntimeOptions;
  readonly #pools = new Set<FunctionEnvironments>();
  #ownDirectory: string | undefined;
  #executor: Executor | undefined;
  #closed = false;

  constructor(options: LambdaRuntimeOptions) {
    this.#options = options;
  }

  createPool(spec: FunctionSpec): EnvironmentPool {
    if (this.#closed) {
      throw new Error("The Lambda runtime is closed");
    }
    const { clock = realClock, hostTime = platformTime, idleTimeoutMs = IDLE_TIMEOUT_MS } = this.#options;
    const { attachWaitMs = ATTACH_WAIT_MS } = this.#options;
    const pool: FunctionEnvironments = new FunctionEnvironments({
      spec,
      hostTime,
      attachWaitMs,
      own: new Pool({
        spec,
        clock,
        idleTimeoutMs,
        createEnvironment: (events, kind) => {
          const id = this.#newId();
          const executor = this.#executorOf(spec);
          const { directory, filled, user, places } = this.#makeDirectory(spec, id);
          const own = kind === undefined ? spec : { ...spec, initializationType: kind };
          const parts = { id, directory, filled, user, hostTime, executor, settings: concurrencyOf(own) };
          return this.#createEnvironment({ ...own, ...places }, { ...parts, ...events });
        },
        // A function may leave what cannot be removed. It goes with the work directory, whose owner learns if it does not.
        disposeEnvironment: (environment) => this.#removeDirectory(environment).catch(ignore),
      }),
      createEnvironment: (executor, pausable, events) => {
        // Each poll takes one invocation; what is beside it, we neither see nor start.
        const settings = { initializationType: "on-demand", maxConcurrency: 1 } as const;
        const parts = { id: this.#newId(), directory: "", hostTime: pausable, executor, settings };
        return this.#createEnvironment(spec, { ...parts, ...events });
      },
      onClosed: () => this.#pools.delete(pool),
    });
    this.#pools.add(pool);
    return pool;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#pools].map((pool) => pool.abort()));
    if (this.#ownDirectory !== undefined) {
      await removeDirectory(this.#ownDirectory);
    }
  }

  killAll(): void {
    for (const pool of this.#pools) {
      pool.killAll();
    }
  }

  #newId(): string {
    return (this.#options.newId ?? process.getBuiltinModule("node:crypto").randomUUID)();
  }

  #createEnvironment(spec: FunctionSpec, parts: EnvironmentParts): Environment {
    const { clock = realClock, log, onEvent } = this.#options;
    const onDemand = parts.settings.initializationType === "on-demand";
    const {
      startTimeoutMs: startMs = START_TIMEOUT_MS,
      initTimeoutMs: initMs = onDemand ? INIT_TIMEOUT_MS : PROVISIONED_INIT_TIMEOUT_MS,
      lifetimeMs = LIFETIME_MS,
    } = this.#options;
    const { createHash } = process.getBuiltinModule("node:crypto");
    const newId = (): string => this.#newId();
    return new Environment({
      spec,
      log,
      logStream: logStreamName(spec, day(clock.now()), newId().replaceAll("-", "")),
      now: () => clock.now(),
      newId,
      limits: { startMs, initMs, lifetimeMs },
      runtimeHash: createHash("sha256").update(spec.runtime).digest("hex"),
      emit: onEvent ?? ignore,
      ...parts,
    });
  }

  #makeDirectory(spec: FunctionSpec, id: string): MadeDirectory {
    const { chmodSync, mkdirSync, rmSync } = process.getBuiltinModule("node:fs");
    const { hostTime = platformTime, users } = this.#options;
    let directory: string | undefined;
    let user: number | undefined;
    try {
      const parent = this.#workDirectory();
      directory = `${parent}/${id}`;
      mkdirSync(parent, { recursive: true });
      // A container has files of its own.
      if (spec.image !== undefined) {
        for (const part of ["tmp", "opt"]) mkdirSync(`${directory}/${part}`, { recursive: true });
        return { directory };
      }
      user = users?.take();
      if (user !== undefined) chmodSync(parent, 0o711);
      return { directory, user, ...makeEnvironmentDirectory(directory, spec, { user, hostTime }) };
    } catch (error) {
      if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
      if (user !== undefined) this.#options.users?.release(user);
      throw new NoEnvironmentError(spec.functionName, error);
    }
  }

  async #removeDirectory({ directory, filled, user }: Environment): Promise<void> {
    await filled?.catch(ignore);
    await leftoversEnded(directory);
    if (user === undefined) return removeDirectory(directory);
    await removePrivateDirectory(directory, user);
    this.#options.users?.release(user);
  }

  #workDirectory(): string {
    if (this.#options.workDirectory !== undefined) {
      return this.#options.workDirectory;
    }
    const { tmpdir } = process.getBuiltinModule("node:os");
    this.#ownDirectory ??= process.getBuiltinModule("node:fs").mkdtempSync(`${tmpdir()}/localemu-lambda-`);
    return this.#ownDirectory;
  }

  #executorOf({ image, functionName, runtime }: FunctionSpec): Executor {
    if (image === undefined && runsInProcess(runtime)) return this.#processExecutor();
    const { docker } = this.#options;
    if (image !== undefined && docker !== undefined) return docker.executor;
    const what = image === undefined ? `functions of the runtime ${runtime}` : "container images";
    throw new NoEnvironmentError(functionName, `${what} need the option docker`);
  }

  #processExecutor(): Executor {
    this.#executor ??= processExecutor(
      this.#options.bootstrapPath ??
        process
          .getBuiltinModule("node:module")
          .createRequire(import.meta.url)
          .resolve("@localemu/runtime-client/bootstrap"),
    );
    return this.#executor;
  }
}

function ignore(): void {
  // For an event that nobody listens to, and an error that is told elsewhere.
}

function day(now: number): string {
  return new Date(now).toISOString().slice(0, 10).replaceAll("-", "/");
}

// AWS: one stream per environment; a group that may be several functions' has the name in it.
function logStreamName({ functionName, version, logGroup }: FunctionSpec, date: string, hex: string): string {
  const own = logGroup === `/aws/lambda/${functionName}` ? "" : functionName;
  return `${date}/${own}[${version}]${hex}`;
}

function removeDirectory(directory: string): Promise<void> {
  return process.getBuiltinModule("node:fs").promises.rm(directory, { recursive: true, force: true });
}
