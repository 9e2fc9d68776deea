import { serializeResult } from "./errors.ts";
import { isStreaming, type Handler } from "./handler-loader.ts";
import { crashWhenBroken, isPromise, warnOfResult, type Runtime as Parts } from "./invocations.ts";
import { callbackContext, headerText } from "./invoke-context.ts";
import { openResponse } from "./response-stream.ts";
import type { Reply } from "./reply-reader.ts";

/** What happens to an error that nothing caught: it is posted where the process stands. */
export interface FatalErrors {
  report(error: unknown): Promise<void>;
}

type Callback = (...errorAndResult: readonly unknown[]) => void;

const nothing = (): void => undefined;

/**
 * Serves events with the semantics that runtimes up to nodejs22.x have: callbacks, `context.done`,
 * `callbackWaitsForEmptyEventLoop`, and uncaught errors posted as the invocation's error (aws-lambda-ric 3).
 * AWS: the handler is a method of something with this name: stack traces say `Runtime.handler`.
 */
class Runtime {
  readonly handler: Handler;
  readonly #runtime: Parts;
  readonly #fatal: FatalErrors;
  #whenLoopIsEmpty: () => void = nothing;

  constructor(runtime: Parts, fatal: FatalErrors) {
    this.handler = runtime.handler;
    this.#runtime = runtime;
    this.#fatal = fatal;
    process.on("beforeExit", () => this.#whenLoopIsEmpty());
  }

  serveNext(): void {
    setImmediate(() => {
      this.#serveOne().catch((error: unknown) => {
        // Thrown where the process's own handler reports it.
        setImmediate(() => {
          throw error;
        });
      });
    });
  }

  async #serveOne(): Promise<void> {
    const { client, current, handler, rules } = this.#runtime;
    const next = await client.next();
    const requestId = headerText(next.headers, "lambda-runtime-aws-request-id") ?? "";
    const tenantId = headerText(next.headers, "lambda-runtime-aws-tenant-id");
    this.#fatal.report = (error) => client.postError(requestId, error);
    await current.enter({ requestId, traceId: undefined, tenantId }, async () => {
      if (isStreaming(handler, rules)) {
        await this.#stream(requestId, next);
      } else {
        this.#call(requestId, next);
      }
    });
  }

  /** The context with what this kind of handler has more of. AWS: the trace id is set when it is made (aws-lambda-ric 3). */
  #contextOf<T extends object>(more: T, { headers }: Reply): T {
    this.#runtime.setTraceId(headerText(headers, "lambda-runtime-trace-id"));
    return Object.assign(more, callbackContext(headers, this.#runtime.identity()));
  }

  #call(requestId: string, next: Reply): void {
    const { rules } = this.#runtime;
    const settle = this.#settlement(requestId);
    const fail = (error?: unknown): void => settle.done(error ?? "handled");
    const succeed = (result?: unknown): void => settle.done(undefined, result);
    const own = {
      get callbackWaitsForEmptyEventLoop() {
        return settle.waitsForEmptyLoop;
      },
      set callbackWaitsForEmptyEventLoop(wait: unknown) {
        settle.waitsForEmptyLoop = wait;
      },
      succeed,
      fail,
      done: settle.done,
    };
    // A handler that neither calls back nor returns a promise is answered with null when it has nothing left to do.
    this.#whenLoopIsEmpty = () => void this.#post(requestId, null);
    try {
      const event: unknown = JSON.parse(next.body.toString("utf8"));
      const returned = this.handler(event, this.#contextOf(own, next), settle.callback);
      if (isPromise(returned, rules)) {
        returned.then(succeed, fail).catch(fail);
      }
    } catch (error) {
      settle.callback(error);
    }
  }

  #settlement(requestId: string): { waitsForEmptyLoop: unknown; callback: Callback; done: Callback } {
    let called = false;
    let posted = false;
    const post = (result: unknown): void => {
      if (posted) {
        return;
      }
      posted = true;
      const json = serializeResult("ric3", result);
      void this.#postJson(requestId, json);
    };
    // AWS: what throws does not count as called (aws-lambda-ric 3).
    const once =
      (action: (error: unknown, result: unknown) => void): Callback =>
      (...[error, result]) => {
        if (!called) {
          action(error, result);
          called = true;
        }
      };
    const settlement = {
      waitsForEmptyLoop: true,
      done: once((error, result) => {
        this.#whenLoopIsEmpty = nothing;
        if (error === undefined || error === null) {
          post(result);
        } else {
          this.#fail(requestId, error);
        }
      }),
      callback: once((error, result) => {
        this.#whenLoopIsEmpty = nothing;
        if (error !== undefined && error !== null) {
          this.#fail(requestId, error);
        } else if (settlement.waitsForEmptyLoop) {
          this.#whenLoopIsEmpty = () => {
            this.#whenLoopIsEmpty = nothing;
            setImmediate(() => post(result));
          };
        } else {
          post(result);
        }
      }),
    };
    return settlement;
  }

  async #post(requestId: string, result: unknown): Promise<void> {
    this.#whenLoopIsEmpty = nothing;
    await this.#postJson(requestId, serializeResult("ric3", result));
  }

  async #postJson(requestId: string, json: string): Promise<void> {
    await this.#runtime.client.postResponse(requestId, json);
    this.serveNext();
  }

  #fail(requestId: string, error: unknown): void {
    this.#runtime.log.error("Invoke Error", error);
    void this.#postError(requestId, error);
  }

  async #postError(requestId: string, error: unknown): Promise<void> {
    await this.#runtime.client.postError(requestId, error);
    this.serveNext();
  }

  async #stream(requestId: string, next: Reply): Promise<void> {
    const { client, log, rules } = this.#runtime;
    let waits: unknown = true;
    const response = openResponse(client, requestId, rules);
    void crashWhenBroken(response.acknowledged);
    const own = {
      get callbackWaitsForEmptyEventLoop() {
        return waits;
      },
      set callbackWaitsForEmptyEventLoop(wait: unknown) {
        waits = wait;
      },
    };
    this.#whenLoopIsEmpty = nothing;
    const fail = async (error: unknown): Promise<void> => {
      log.error("Invoke Error", error);
      await response.fail(error);
    };
    try {
      const context = this.#contextOf(own, next);
      const event: unknown = JSON.parse(next.body.toString("utf8"));
      const returned = this.handler(event, response.stream, context);
      if (isPromise(returned, rules)) {
        warnOfResult(await returned);
        await response.acknowledged;
      } else {
        await fail("Streaming does not support non-async handlers.");
      }
    } catch (error) {
      await fail(error);
    }
    if (waits) {
      this.#whenLoopIsEmpty = () => {
        this.#whenLoopIsEmpty = nothing;
        this.serveNext();
      };
    } else {
      this.serveNext();
    }
  }
}

/** Serves events until the process ends. */
export function serveCallbackInvocations(runtime: Parts, fatal: FatalErrors): void {
  new Runtime(runtime, fatal).serveNext();
}
