import { TaskGroup } from "../../core/task-group.ts";
import type { DeployedCode } from "./code/code-store.ts";
import type { EnvironmentEvent, FunctionPool } from "./invoke/ports.ts";
import { worldIsGone } from "./lambda-error.ts";
import type { LambdaPorts } from "./ports.ts";
import type { FunctionStore, LambdaFunction } from "./state/function-store.ts";

/** A function's code and configuration as its environments have them. */
interface Deployment {
  readonly pool: FunctionPool;
  readonly code: DeployedCode;
}

/**
 * Brings functions into force: new ones, changed ones (invocations that run finish on the old deployment, later ones get
 * the new one) and deleted ones.
 */
export class Deployments {
  readonly #ports: LambdaPorts;
  readonly #functions: FunctionStore;
  readonly #tasks: TaskGroup;
  readonly #current = new Map<LambdaFunction, Deployment>();
  readonly #pools = new Set<FunctionPool>();
  #closed = false;

  constructor(ports: LambdaPorts, functions: FunctionStore) {
    this.#ports = ports;
    this.#functions = functions;
    this.#tasks = new TaskGroup((error, label) => ports.reportInternalError(label, error));
  }

  pool(fn: LambdaFunction): FunctionPool | undefined {
    return this.#current.get(fn)?.pool;
  }

  /** The code that is in force, for one more user. */
  code(fn: LambdaFunction): DeployedCode {
    const deployment = this.#current.get(fn);
    if (deployment === undefined) throw new Error(`function ${fn.name} is not deployed`);
    return deployment.code.share();
  }

  /** Deploys a new function: it can be invoked at once, and is Active in the next turn of the event loop. */
  create(fn: LambdaFunction, code: DeployedCode): void {
    this.#current.set(fn, this.#deploy(fn, code));
    this.#ports.record({ type: "function.created", functionName: fn.name, region: fn.region });
    this.#nextTurn(`creation of ${fn.name}`, () => {
      if (!this.#functions.has(fn)) return;
      fn.state = "Active";
      fn.lastUpdate = "Successful";
      fn.revisionId = this.#ports.ids.uuid();
    });
  }

  /** Deploys a function's changed code or settings: in force in the next turn of the event loop. */
  update(fn: LambdaFunction, code: DeployedCode): void {
    fn.lastUpdate = "InProgress";
    this.#nextTurn(`update of ${fn.name}`, () => {
      const old = this.#current.get(fn);
      if (old === undefined || !this.#functions.has(fn)) return code.release();
      this.#current.set(fn, this.#deploy(fn, code));
      this.#retire(fn, old);
      fn.lastUpdate = "Successful";
      fn.revisionId = this.#ports.ids.uuid();
      this.#ports.record({ type: "function.updated", functionName: fn.name, region: fn.region });
    });
  }

  delete(fn: LambdaFunction): void {
    const deployment = this.#current.get(fn);
    this.#current.delete(fn);
    if (deployment !== undefined) this.#retire(fn, deployment);
    this.#ports.record({ type: "function.deleted", functionName: fn.name, region: fn.region });
  }

  /** Ends all environments at once, whatever they do. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#current.clear();
    await Promise.all([...this.#pools].map((pool) => pool.kill()));
    await this.#tasks.close();
  }

  #deploy(fn: LambdaFunction, code: DeployedCode): Deployment {
    if (this.#closed) throw worldIsGone();
    const { settings } = fn;
    const { variables, credentials } = this.#ports.functionEnvironment(fn.origin, fn.region);
    const pool = this.#ports.runtime.createPool({
      functionName: fn.name,
      version: "$LATEST",
      functionArn: fn.arn,
      region: fn.region,
      runtime: settings.runtime,
      handler: settings.handler,
      memorySizeMb: settings.memorySizeMb,
      timeoutMs: settings.timeoutSeconds * 1000,
      taskRoot: code.directory,
      environment: settings.environment ?? {},
      defaultEnvironment: variables,
      credentials,
      logGroup: settings.logGroup,
      onLog: (stream, timestamp, message) =>
        this.#ports.writeLog(fn.region, settings.logGroup, stream, timestamp, message),
      onEnvironment: (event) => this.#recordEnvironment(fn, event),
    });
    this.#pools.add(pool);
    return { pool, code };
  }

  /** The environments end when what they run has ended; the code goes with the last of them. */
  #retire(fn: LambdaFunction, { pool, code }: Deployment): void {
    this.#tasks.spawn(`end of the environments of ${fn.name}`, async () => {
      await pool.close();
      this.#pools.delete(pool);
      code.release();
    });
  }

  #nextTurn(label: string, step: () => void): void {
    const token = this.#ports.activity.begin(label);
    this.#ports.host.setImmediate(() => {
      if (!this.#closed) step();
      token.release();
    });
  }

  #recordEnvironment({ name: functionName }: LambdaFunction, event: EnvironmentEvent): void {
    const { environment } = event;
    if (event.type === "started")
      this.#ports.record({ type: "function.environmentStarted", functionName, environment });
    else if (event.type === "ready")
      this.#ports.record({ type: "function.environmentReady", functionName, environment, initMs: event.initMs });
    else if (event.type === "initFailed") {
      const { error, output } = event;
      this.#ports.record({ type: "function.environmentInitFailed", functionName, environment, error, output });
    } else this.#ports.record({ type: "function.environmentStopped", functionName, environment, reason: event.reason });
  }
}
