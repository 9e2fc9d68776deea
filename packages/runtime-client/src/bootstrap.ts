import { serveCallbackInvocations, type FatalErrors } from "./callback-invocations.ts";
import { consoleOptions, patchConsole, type ErrorLog } from "./console-log.ts";
import { platformError, runtimeError } from "./errors.ts";
import { isStreaming, loadHandler, type Handler } from "./handler-loader.ts";
import { identityFromEnvironment } from "./invoke-context.ts";
import { refuseCallbackHandler, serveConcurrently, serveInvocations, type Runtime } from "./invocations.ts";
import { globalInvocation, InvokeStore, type Slot } from "./invoke-store.ts";
import { defineGlobals } from "./lambda-globals.ts";
import { importAlongNodePath } from "./node-path.ts";
import { isConcurrent, rulesOf } from "./rules.ts";
import { RuntimeApiClient } from "./runtime-api-client.ts";

const EXIT_UNCAUGHT = 129;
const EXIT_UNHANDLED_REJECTION = 128;

async function main(environment: NodeJS.ProcessEnv): Promise<void> {
  const concurrent = isConcurrent(environment);
  if (concurrent && process.getBuiltinModule("node:worker_threads").isMainThread) {
    const { startWorkers } = await import("./workers.ts");
    startWorkers(__filename, environment);
    return;
  }
  const rules = rulesOf(environment);
  const store = rules === "ric3" ? undefined : new InvokeStore(concurrent ? asyncSlot() : undefined, !concurrent);
  const current = store ?? globalInvocation;
  defineGlobals(store);
  const log = patchConsole(consoleOptions(environment), current);
  const client = new RuntimeApiClient(required(environment, "AWS_LAMBDA_RUNTIME_API"), rules, !concurrent);
  const handlerName = required(environment, "_HANDLER");
  const taskRoot = required(environment, "LAMBDA_TASK_ROOT");
  importAlongNodePath(environment["NODE_PATH"]);
  const start = (handler: Handler): Runtime => ({
    rules,
    client,
    handler,
    identity: () => identityFromEnvironment(environment),
    current,
    log,
    setTraceId: concurrent ? () => undefined : (traceId) => setTraceId(environment, traceId),
    crashes: true,
  });
  if (rules === "ric3") {
    const fatal: FatalErrors = { report: (error) => client.postInitError(error) };
    reportUncaught(fatal, log);
    try {
      const handler = await loadHandler(taskRoot, handlerName, rules);
      if (isStreaming(handler, rules)) client.prepareStreams();
      serveCallbackInvocations(start(handler), fatal);
    } catch (error) {
      throwAside(error);
    }
    return;
  }
  let runtime: Runtime;
  try {
    const handler = await loadHandler(taskRoot, handlerName, rules);
    if (isStreaming(handler, rules)) client.prepareStreams();
    refuseCallbackHandler(handler, environment);
    runtime = start(handler);
  } catch (error) {
    log.error("Init Error", error);
    await client.postInitError(error);
    throw error;
  }
  await (concurrent ? serveConcurrently(runtime) : serveInvocations(runtime));
}

function setTraceId(environment: NodeJS.ProcessEnv, traceId: string | undefined): void {
  if (traceId === undefined) {
    delete environment["_X_AMZN_TRACE_ID"];
  } else {
    environment["_X_AMZN_TRACE_ID"] = traceId;
  }
}

/** Several invocations may be under way: each has what its own asynchronous calls see. */
function asyncSlot(): Slot {
  const { AsyncLocalStorage } = process.getBuiltinModule("node:async_hooks");
  const storage = new AsyncLocalStorage<Record<PropertyKey, unknown>>();
  return { get: () => storage.getStore(), run: (values, fn) => storage.run(values, fn) };
}

function required(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (value === undefined || value === "") {
    throw platformError(`${name} environment variable is not set`);
  }
  return value;
}

// AWS: up to nodejs22.x what fails while a function is loaded is an uncaught exception (aws-lambda-ric 3).
function throwAside(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

function reportUncaught(fatal: FatalErrors, log: ErrorLog): void {
  const reportAndExit = async (error: unknown, code: number): Promise<void> => {
    try {
      await fatal.report(error);
    } finally {
      process.exit(code);
    }
  };
  process.on("uncaughtException", (error) => {
    log.error("Uncaught Exception", error);
    void reportAndExit(error, EXIT_UNCAUGHT);
  });
  process.on("unhandledRejection", (reason, promise) => {
    // oxlint-disable-next-line typescript/no-base-to-string -- AWS: it is what the message says (aws-lambda-ric 3).
    const message = reason === undefined ? "" : String(reason);
    const error = runtimeError("ric3", "UnhandledPromiseRejection", message);
    Object.assign(error, { reason, promise });
    log.error("Unhandled Promise Rejection", error);
    void reportAndExit(error, EXIT_UNHANDLED_REJECTION);
  });
}

// A rejection is left unhandled on purpose: Node prints it and the process exits with status 1, as on Lambda.
void main(process.env);
