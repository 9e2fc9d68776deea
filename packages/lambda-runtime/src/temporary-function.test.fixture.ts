import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  createLambdaRuntime,
  type EnvironmentPool,
  type FunctionSpec,
  type InvokeOutcome,
  type InvokeRequest,
  type LambdaRuntime,
  type LambdaRuntimeOptions,
  type RuntimeEvent,
} from "./index.ts";

export type Files = Readonly<Record<string, string>>;

/** A runtime with what it logged and reported; it ends with the test. */
export class Lab {
  readonly log: string[] = [];
  readonly events: RuntimeEvent[] = [];
  readonly runtime: LambdaRuntime;
  readonly directory = mkdtempSync(join(tmpdir(), "localemu-test-"));
  readonly #waiting = new Set<() => void>();

  constructor(options: LambdaRuntimeOptions = {}) {
    this.runtime = createLambdaRuntime({
      log: { write: ({ message }) => this.#note(() => this.log.push(message)) },
      onEvent: (event) => this.#note(() => this.events.push(event)),
      workDirectory: join(this.directory, "work"),
      ...options,
    });
  }

  /** Deploys the files as a function; its handler is `index.handler` on nodejs24.x unless told otherwise. */
  deploy(files: Files | string, spec: Partial<FunctionSpec> = {}): EnvironmentPool {
    const taskRoot = join(this.directory, randomUUID());
    for (const [name, code] of Object.entries(typeof files === "string" ? { "index.js": files } : files)) {
      mkdirSync(dirname(join(taskRoot, name)), { recursive: true });
      writeFileSync(join(taskRoot, name), code);
    }
    return this.runtime.createPool({
      functionName: "probe",
      version: "$LATEST",
      runtime: "nodejs24.x",
      handler: "index.handler",
      memorySizeMb: 128,
      timeoutMs: 10_000,
      taskRoot,
      environment: {},
      logGroup: "/aws/lambda/probe",
      region: "eu-west-1",
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "token" },
      ...spec,
    });
  }

  /** `files` alone is `app.py`. */
  deployPython(files: Files | string, spec: Partial<FunctionSpec> = {}): EnvironmentPool {
    const named = typeof files === "string" ? { "app.py": files } : files;
    return this.deploy(named, { runtime: "python3.13", handler: "app.handler", ...spec });
  }

  get pids(): number[] {
    return this.events.flatMap((event) => (event.type === "environmentStarted" ? [event.pid] : []));
  }

  get processesStarted(): number {
    return this.pids.length;
  }

  /** Waits until something that was logged or reported makes the condition true. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (condition()) {
          this.#waiting.delete(check);
          resolve();
        }
      };
      this.#waiting.add(check);
      check();
    });
  }

  async dispose(): Promise<void> {
    await this.runtime.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  #note(add: () => void): void {
    add();
    for (const check of this.#waiting) {
      check();
    }
  }
}

export function request(event: unknown = {}, overrides: Partial<InvokeRequest> = {}): InvokeRequest {
  return {
    requestId: randomUUID(),
    payload: Buffer.from(JSON.stringify(event)),
    invokedFunctionArn: "arn:aws:lambda:eu-west-1:000000000000:function:probe",
    ...overrides,
  };
}

export function text(outcome: InvokeOutcome): string {
  return Buffer.from(outcome.payload).toString("utf8");
}

export function json(outcome: InvokeOutcome): unknown {
  const value: unknown = JSON.parse(text(outcome));
  return value;
}

/** Whether a process runs; one that ended but was not reaped by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

/** A promise that is resolved from outside. */
export function deferred(): { promise: Promise<void>; resolve: () => void } {
  const resolvers: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => {
    resolvers.push(resolve);
  });
  return { promise, resolve: () => resolvers.forEach((resolve) => resolve()) };
}
