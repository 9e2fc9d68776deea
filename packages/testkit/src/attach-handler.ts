/// <reference lib="esnext.disposable" preserve="true" />
import type { Readable } from "node:stream";
import type { AttachedFunction, ControlClient } from "@localemu/control";
import { connectRuntime, type Handler, type RuntimeConnection, runHandler } from "@localemu/runtime-client";
import type { FunctionBatch, FunctionInvocation } from "./delivered.ts";
import { watchForDebugger } from "./debugger-watch.ts";
import { FunctionHandle, type InvokeAnswer } from "./function-handle.ts";
import type { ListenOptions } from "./listen-options.ts";
import type { MappingHandle } from "./mapping-handle.ts";
import { type FunctionSubject, subject } from "./matchers/subject.ts";
import { VariableLayers } from "./variable-layers.ts";

// A test's fake timers don't reach them.
const { setInterval: startInterval, clearInterval: endInterval } = globalThis;

/** One for the process, as its environment is: handlers may be attached to several worlds and detached in any order. */
const variables = new VariableLayers(process.env);

/** A handler as Lambda calls it: `(event, context)`, with a callback, or made by `awslambda.streamifyResponse`. */
export type AttachableHandler = (event: never, ...rest: never[]) => unknown;

/** How a function is run by `emu.attachHandler(name, handler, options)`. */
export interface AttachHandlerOptions {
  /** Seconds of host time that an invocation may take. Default: the function's, or AWS's 3 for a new one. */
  readonly timeout?: number;
  /** Megabytes that the context tells; nothing is limited. Default: the function's, or AWS's 128 for a new one. */
  readonly memorySize?: number;
  /** The function's variables. They are in `process.env` too until the handler is detached. Default: the function's, and none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How many invocations the handler may have at a time. Default 1. */
  readonly concurrency?: number;
}

/**
 * A handler of this process that is attached to a function: it gets the function's invocations until it is detached. It may be
 * given to `expect` for the matchers of functions.
 *
 * @example
 * ```ts
 * await using fn = await emu.attachHandler("orders-fn", handler, { timeout: 10 });
 * const mapping = await fn.listen(stream, { batchSize: 10 });
 * ```
 */
export class AttachedHandler implements AsyncDisposable {
  /** The function's name. */
  readonly name: string;
  /** The function's ARN, with the qualifier of an alias or version that was attached to. */
  readonly arn: string;
  readonly #control: ControlClient;
  readonly #function: FunctionHandle;
  readonly #detach: () => void;
  #detached = false;

  /** Use `emu.attachHandler(name, handler)`. */
  constructor(control: ControlClient, name: string, arn: string, detach: () => void) {
    this.name = name;
    this.arn = arn;
    this.#control = control;
    this.#function = new FunctionHandle(control, name, arn);
    this.#detach = detach;
  }

  /** As `listen` of a function's handle. */
  listen(source: { readonly arn: string } | string, options?: ListenOptions): Promise<MappingHandle> {
    return this.#function.listen(source, options);
  }

  /** As `invoke` of a function's handle. */
  invoke(event?: unknown): Promise<InvokeAnswer> {
    return this.#function.invoke(event);
  }

  /** As `invocations` of a function's handle. */
  invocations(): Promise<readonly FunctionInvocation[]> {
    return this.#function.invocations();
  }

  /** As `batches` of a function's handle. */
  batches(): Promise<readonly FunctionBatch[]> {
    return this.#function.batches();
  }

  /** What the matchers read. */
  get [subject](): FunctionSubject {
    return this.#function[subject];
  }

  /**
   * Stops the function's time-out and the world's time until `resume`. While a debugger that was there when the handler was
   * attached holds this process, they stop by themselves.
   */
  pause(): Promise<void> {
    return this.#control.pauseFunction(this.name);
  }

  /** Lets them go on. */
  resume(): Promise<void> {
    return this.#control.resumeFunction(this.name);
  }

  /**
   * Ends the attachment; what the handler has not answered is given to whoever else runs the function. Throws what ended the
   * attachment before, unless it was the end of the world or of the function.
   */
  async detach(): Promise<void> {
    if (this.#detached) return;
    this.#detached = true;
    this.#detach();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.detach();
  }
}

/** Attaches a handler to a function, which is made if there is none of that name. Resolves when invocations reach the handler. */
export async function attachHandler(
  control: ControlClient,
  name: string,
  handler: AttachableHandler,
  options: AttachHandlerOptions = {},
): Promise<AttachedHandler> {
  const { timeout, memorySize, environment, concurrency = 1 } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new TypeError(`concurrency must be a whole number from 1 on, not ${concurrency}`);
  }
  const attached = await control.attachFunction(name, {
    ...(timeout !== undefined && { timeoutSeconds: timeout }),
    ...(memorySize !== undefined && { memorySizeMb: memorySize }),
    ...(environment !== undefined && { environment }),
  });
  const restoreEnvironment = variables.set(environment ?? {});
  const runtimeUrl = `${control.endpoint}/_localemu/runtime/${encodeURIComponent(name)}`;
  const connection = connectRuntime(runtimeUrl);
  const loops = startLoops(connection, promised(handler), attached, concurrency);
  const endWatch = watchForDebugger({ pauseUrl: `${runtimeUrl}/pause`, resumeUrl: `${runtimeUrl}/resume` });
  const detach = (): void => {
    restoreEnvironment();
    endWatch();
    loops.stop();
  };
  // The connection does not keep the process alive; a script that waits for nothing else would end here.
  const awake = startInterval(() => {}, 60_000);
  try {
    await Promise.race([polled(connection, concurrency), loops.failed]);
  } catch (error) {
    restoreEnvironment();
    endWatch();
    connection.close();
    throw error;
  } finally {
    endInterval(awake);
  }
  return new AttachedHandler(control, name, attached.functionArn, detach);
}

interface Loops {
  /** Rejects when one of them ends by itself. */
  readonly failed: Promise<never>;
  /** Throws what ended one of them. */
  stop(): void;
}

function startLoops(
  connection: RuntimeConnection,
  handler: Handler,
  { functionName, version, memorySizeMb, logGroup }: AttachedFunction,
  concurrency: number,
): Loops {
  const controller = new AbortController();
  const identity = {
    functionName,
    functionVersion: version,
    memoryLimitInMB: String(memorySizeMb),
    logGroupName: logGroup,
    logStreamName: "attached",
  };
  const { signal } = controller;
  const { promise: failed, reject } = Promise.withResolvers<never>();
  let failure: { readonly error: unknown } | undefined;
  // Who waits for it is told; a failure later is told by detach.
  failed.catch((error: unknown) => {
    failure = { error };
  });
  for (let loop = 0; loop < concurrency; loop++) {
    runHandler({ runtimeApi: connection, handler, identity, signal }).catch(reject);
  }
  return {
    failed,
    // Not waited for: a handler that still works may never end.
    stop() {
      controller.abort();
      connection.close();
      if (failure !== undefined && !isSentAway(failure.error)) throw failure.error;
    },
  };
}

/**
 * Waits until the polls have reached the emulator: what is invoked from then on, the handler gets. It asks behind them, on the
 * same session, for others may poll too.
 */
async function polled(connection: RuntimeConnection, concurrency: number): Promise<void> {
  for (let polls = 0; polls < concurrency;) {
    const { polls: count }: AttachedFunction = JSON.parse(await describeAttached(connection));
    polls = count;
  }
}

function describeAttached(connection: RuntimeConnection): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = connection.open("GET", "", {});
    request.on("error", reject);
    request.on("response", (reply: Readable) => {
      let text = "";
      reply.setEncoding("utf8");
      reply.on("data", (chunk: string) => (text += chunk));
      reply.on("end", () => resolve(text));
    });
    request.end();
  });
}

/** The function or its world is gone: nothing to tell to who detaches. */
function isSentAway(error: unknown): boolean {
  return error instanceof Error && /^The Runtime API answered (404|410):/.test(error.message);
}

/** A handler with a callback as one that gives a promise. */
function promised(handler: AttachableHandler): Handler {
  const call: Handler = (...args) => Reflect.apply(handler, undefined, args);
  if (Reflect.get(handler, Symbol.for("aws.lambda.runtime.handler.streaming")) !== undefined) {
    return Object.assign(call, Object.fromEntries(symbolsOf(handler)));
  }
  if (handler.length < 3) return call;
  return (event, context) =>
    new Promise((resolve, reject) => {
      const callback = (error: unknown, result: unknown): void => {
        if (error === undefined || error === null) resolve(result);
        else reject(error);
      };
      const returned: unknown = call(event, context, callback);
      if (returned instanceof Promise) returned.then(resolve, reject);
    });
}

/** Symbols are how a streaming handler is marked. */
function symbolsOf(handler: AttachableHandler): [symbol, unknown][] {
  return Object.getOwnPropertySymbols(handler).map((symbol) => [symbol, Reflect.get(handler, symbol)]);
}
