import {
  NoEnvironmentError,
  type EnvironmentPool,
  type FunctionSpec,
  type LambdaRuntime,
  type LambdaRuntimeOptions,
} from "./contract.ts";
import { Environment } from "./environment/environment.ts";
import { Pool, type PoolEvents } from "./environment/environment-pool.ts";
import { concurrencyOf } from "./environment/concurrency.ts";
import type { Executor } from "./environment/executor.ts";
import { processExecutor } from "./process/process-executor.ts";
import { hostTime as platformTime, realClock } from "./host-time.ts";

const START_TIMEOUT_MS = 20_000;
const INIT_TIMEOUT_MS = 10_000;
// AWS: nobody waits for a provisioned environment (AWS docs).
const PROVISIONED_INIT_TIMEOUT_MS = 900_000;
// AWS: how long the credentials of the function's role are valid in an environment.
const LIFETIME_MS = 12 * 3_600_000;
const IDLE_TIMEOUT_MS = 600_000;

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

class ProcessRuntime implements LambdaRuntime {
  readonly #options: LambdaRuntimeOptions;
  readonly #pools = new Set<Pool>();
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
    const { clock = realClock, idleTimeoutMs = IDLE_TIMEOUT_MS } = this.#options;
    const pool: Pool = new Pool({
      spec,
      clock,
      idleTimeoutMs,
      createEnvironment: (events) => this.#createEnvironment(spec, events),
      // A function may leave what cannot be removed. It goes with the work directory, whose owner learns if it does not.
      disposeEnvironment: (environment) => removeDirectory(environment.directory).catch(ignore),
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

  #createEnvironment(spec: FunctionSpec, events: PoolEvents): Environment {
    const { clock = realClock, hostTime = platformTime, log, onEvent } = this.#options;
    const settings = concurrencyOf(spec);
    const onDemand = settings.initializationType === "on-demand";
    const {
      startTimeoutMs: startMs = START_TIMEOUT_MS,
      initTimeoutMs: initMs = onDemand ? INIT_TIMEOUT_MS : PROVISIONED_INIT_TIMEOUT_MS,
      lifetimeMs = LIFETIME_MS,
    } = this.#options;
    const { randomUUID, createHash } = process.getBuiltinModule("node:crypto");
    const newId = this.#options.newId ?? randomUUID;
    const id = newId();
    const directory = this.#makeDirectory(spec, id);
    return new Environment({
      id,
      spec,
      hostTime,
      log,
      logStream: logStreamName(spec, day(clock.now()), newId().replaceAll("-", "")),
      now: () => clock.now(),
      directory,
      newId,
      settings,
      limits: { startMs, initMs, lifetimeMs },
      executor: this.#processExecutor(),
      runtimeHash: createHash("sha256").update(spec.runtime).digest("hex"),
      emit: onEvent ?? ignore,
      ...events,
    });
  }

  #makeDirectory({ functionName }: FunctionSpec, id: string): string {
    try {
      const directory = `${this.#workDirectory()}/${id}`;
      process.getBuiltinModule("node:fs").mkdirSync(directory, { recursive: true });
      return directory;
    } catch (error) {
      throw new NoEnvironmentError(functionName, error);
    }
  }

  #workDirectory(): string {
    if (this.#options.workDirectory !== undefined) {
      return this.#options.workDirectory;
    }
    const { tmpdir } = process.getBuiltinModule("node:os");
    this.#ownDirectory ??= process.getBuiltinModule("node:fs").mkdtempSync(`${tmpdir()}/localemu-lambda-`);
    return this.#ownDirectory;
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
