import { CallbackInvocations, type FatalErrors } from "./callback-invocations.ts";
import { consoleOptions, patchConsole, type ErrorLog } from "./console-log.ts";
import { platformError, RuntimeError } from "./errors.ts";
import { loadHandler, isStreaming } from "./handler-loader.ts";
import { identityFromEnvironment } from "./invoke-context.ts";
import { refuseCallbackHandler, serveInvocations, type Runtime } from "./invocations.ts";
import { InvokeStore } from "./invoke-store.ts";
import { defineGlobals } from "./lambda-globals.ts";
import { RuntimeApiClient } from "./runtime-api-client.ts";

// AWS: nodejs24.x dropped callbacks and lets an unhandled rejection end the process (aws-lambda-ric 4 versus 3).
const HAS_CALLBACKS = /^AWS_Lambda_nodejs(?:\d|1\d|20|22)\.x$/;

const EXIT_UNCAUGHT = 129;
const EXIT_UNHANDLED_REJECTION = 128;

async function main(environment: NodeJS.ProcessEnv): Promise<void> {
  const hasCallbacks = HAS_CALLBACKS.test(environment["AWS_EXECUTION_ENV"] ?? "");
  const store = new InvokeStore(hasCallbacks ? "undefined" : "-");
  defineGlobals(store);
  const log = patchConsole(consoleOptions(environment), store);
  const client = new RuntimeApiClient(required(environment, "AWS_LAMBDA_RUNTIME_API"));
  const handlerName = required(environment, "_HANDLER");
  const taskRoot = required(environment, "LAMBDA_TASK_ROOT");

  const fatal: FatalErrors = { report: (error) => client.postInitError(error) };
  if (hasCallbacks) {
    reportUncaught(fatal, log);
  }
  let runtime: Runtime;
  try {
    const handler = await loadHandler(taskRoot, handlerName);
    isStreaming(handler);
    if (!hasCallbacks) {
      refuseCallbackHandler(handler);
    }
    runtime = { client, handler, store, log, environment, identity: identityFromEnvironment(environment) };
  } catch (error) {
    log.error(hasCallbacks ? "Uncaught Exception" : "Init Error", error);
    await client.postInitError(error);
    process.exit(hasCallbacks ? EXIT_UNCAUGHT : 1);
  }
  if (hasCallbacks) {
    new CallbackInvocations(runtime, fatal).serveNext();
  } else {
    await serveInvocations(runtime);
  }
}

function required(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (value === undefined || value === "") {
    throw platformError(`${name} environment variable is not set`);
  }
  return value;
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
    const error = new RuntimeError("Runtime.UnhandledPromiseRejection", String(reason));
    Object.assign(error, { reason, promise });
    log.error("Unhandled Promise Rejection", error);
    void reportAndExit(error, EXIT_UNHANDLED_REJECTION);
  });
}

// A rejection is left unhandled on purpose: Node prints it and the process exits with status 1, as on Lambda.
void main(process.env);
