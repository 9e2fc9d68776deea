import { serializeResult } from "./errors.ts";
import { isStreaming } from "./handler-loader.ts";
import { answerWithStream, isPromiseLike, takeNext, type Invocation, type Runtime } from "./invocations.ts";

/** What happens to an error that nothing caught: it is posted where the process stands. */
export interface FatalErrors {
  report(error: unknown): Promise<void>;
}

type Callback = (error?: unknown, result?: unknown) => void;

/**
 * Serves events with the semantics that runtimes up to nodejs22.x have: callbacks, `context.done`,
 * `callbackWaitsForEmptyEventLoop`, and uncaught errors posted as the invocation's error (aws-lambda-ric 3).
 */
export class CallbackInvocations {
  readonly #runtime: Runtime;
  readonly #fatal: FatalErrors;
  #whenLoopIsEmpty: () => void = () => undefined;

  constructor(runtime: Runtime, fatal: FatalErrors) {
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
    const runtime = this.#runtime;
    const invocation = await takeNext(runtime);
    this.#fatal.report = (error) => runtime.client.postError(invocation.context.awsRequestId, error);
    if (isStreaming(runtime.handler)) {
      this.#whenLoopIsEmpty = () => undefined;
      await answerWithStream(runtime, invocation);
      this.serveNext();
    } else {
      this.#call(invocation);
    }
  }

  #call({ context, event }: Invocation): void {
    const { handler } = this.#runtime;
    const settle = this.#settlement(context.awsRequestId);
    const fail = (error?: unknown): void => settle.done(error ?? "handled");
    const succeed = (result?: unknown): void => settle.done(undefined, result);
    const callbackContext = Object.assign(
      Object.defineProperty({}, "callbackWaitsForEmptyEventLoop", {
        get: () => settle.waitsForEmptyLoop,
        set: (wait: unknown) => {
          settle.waitsForEmptyLoop = Boolean(wait);
        },
        enumerable: true,
      }),
      context,
      { done: settle.done, succeed, fail },
    );
    // A handler that neither calls back nor returns a promise is answered with null when it has nothing left to do.
    this.#whenLoopIsEmpty = () => settle.done();
    try {
      const returned = handler(event, callbackContext, settle.callback);
      if (isPromiseLike(returned)) {
        returned.then(succeed, fail);
      }
    } catch (error) {
      settle.callback(error);
    }
  }

  #settlement(requestId: string): { waitsForEmptyLoop: boolean; callback: Callback; done: Callback } {
    let called = false;
    const post = (error: unknown, result: unknown): void => {
      this.#whenLoopIsEmpty = () => undefined;
      void this.#answer(requestId, error, result);
    };
    const once =
      (action: Callback): Callback =>
      (error, result) => {
        if (!called) {
          called = true;
          action(error, result);
        }
      };
    const settlement = {
      waitsForEmptyLoop: true,
      done: once(post),
      callback: once((error, result) => {
        if ((error === undefined || error === null) && settlement.waitsForEmptyLoop) {
          this.#whenLoopIsEmpty = () => post(undefined, result);
        } else {
          post(error, result);
        }
      }),
    };
    return settlement;
  }

  async #answer(requestId: string, error: unknown, result: unknown): Promise<void> {
    const { client, log } = this.#runtime;
    let failure: unknown = error ?? undefined;
    let json = "";
    if (failure === undefined) {
      try {
        json = serializeResult(result);
      } catch (unserializable) {
        failure = unserializable;
      }
    }
    if (failure === undefined) {
      await client.postResponse(requestId, json);
    } else {
      log.error("Invoke Error", failure);
      await client.postError(requestId, failure);
    }
    this.serveNext();
  }
}
