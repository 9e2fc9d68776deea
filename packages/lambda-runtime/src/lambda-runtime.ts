import {
  NoEnvironmentError,
  type EnvironmentPool,
  type FunctionSpec,
  type LambdaRuntime,
  type LambdaRuntimeOptions,
} from "./contract.ts";
import { Environment } from "./environment/environment.ts";
import { Pool } from "./environment/environment-pool.ts";
import { hostTime as platformTime, realClock } from "./host-time.ts";

const INIT_TIMEOUT_MS = 10_000;
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
  #bootstrapPath: string | undefined;
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
      createEnvironment: (onAvailable) => this.#createEnvironment(spec, onAvailable),
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

  #createEnvironment(spec: FunctionSpec, onAvailable: (environment: Environment) => void): Environment {
    const { clock = realClock, hostTime = platformTime, log, onEvent, initTimeoutMs = INIT_TIMEOUT_MS } = this.#options;
    const { randomUUID, createHash } = process.getBuiltinModule("node:crypto");
    const newId = this.#options.newId ?? randomUUID;
    const id = newId();
    const directory = this.#makeDirectory(spec, id);
    return new Environment({
      id,
      spec,
      hostTime,
      log,
      // AWS: YYYY/MM/DD/[version]hex, one stream per environment.
      logStream: `${day(clock.now())}/[${spec.version}]${newId().replaceAll("-", "")}`,
      now: () => clock.now(),
      directory,
      bootstrapPath: this.#bootstrap(),
      initTimeoutMs,
      runtimeHash: createHash("sha256").update(spec.runtime).digest("hex"),
      emit: onEvent ?? ignore,
      onAvailable,
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

  #bootstrap(): string {
    this.#bootstrapPath ??=
      this.#options.bootstrapPath ??
      process
        .getBuiltinModule("node:module")
        .createRequire(import.meta.url)
        .resolve("@localemu/runtime-client/bootstrap");
    return this.#bootstrapPath;
  }
}

function ignore(): void {
  // For an event that nobody listens to, and an error that is told elsewhere.
}

function day(now: number): string {
  return new Date(now).toISOString().slice(0, 10).replaceAll("-", "/");
}

function removeDirectory(directory: string): Promise<void> {
  return process.getBuiltinModule("node:fs").promises.rm(directory, { recursive: true, force: true });
}
