import type { ErrorLog } from "./console-log.ts";
import { RuntimeError, serializeResult } from "./errors.ts";
import { isStreaming, type Handler } from "./handler-loader.ts";
import { buildContext, type FunctionIdentity, type InvokeContext } from "./invoke-context.ts";
import type { InvokeStore } from "./invoke-store.ts";
import { openResponse } from "./response-stream.ts";
import type { RuntimeApiClient } from "./runtime-api-client.ts";

const CALLBACK_REMOVED =
  "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. " +
  "You need to modify this function to use a supported handler signature to use Node.js 24 or later. " +
  "For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.";

export interface Runtime {
  readonly client: RuntimeApiClient;
  readonly handler: Handler;
  readonly identity: FunctionIdentity;
  readonly store: InvokeStore;
  readonly log: ErrorLog;
  /** Where `_X_AMZN_TRACE_ID` is set for each invocation. */
  readonly environment: NodeJS.ProcessEnv;
}

export interface Invocation {
  readonly context: InvokeContext;
  readonly event: unknown;
}

/** Waits for the next event and makes it the current one. */
export async function takeNext(runtime: Runtime): Promise<Invocation> {
  const { headers, body } = await runtime.client.next();
  const context = buildContext(headers, runtime.identity);
  if (context.xRayTraceId === undefined) {
    delete runtime.environment["_X_AMZN_TRACE_ID"];
  } else {
    runtime.environment["_X_AMZN_TRACE_ID"] = context.xRayTraceId;
  }
  runtime.store.begin(context.awsRequestId, context.xRayTraceId, context.tenantId);
  const event: unknown = JSON.parse(body.toString("utf8"));
  return { context, event };
}

// AWS: since nodejs24.x a handler with a third parameter is refused when it is loaded (aws-lambda-ric 4).
export function refuseCallbackHandler(handler: Handler): void {
  if (handler.length >= 3 && !isStreaming(handler)) {
    throw new RuntimeError("Runtime.CallbackHandlerDeprecated", CALLBACK_REMOVED);
  }
}

/** Serves events until the connection to the platform breaks (which rejects). */
export async function serveInvocations(runtime: Runtime): Promise<never> {
  const process = isStreaming(runtime.handler) ? answerWithStream : answerWithResult;
  for (;;) {
    await process(runtime, await takeNext(runtime));
  }
}

async function answerWithResult(runtime: Runtime, { context, event }: Invocation): Promise<void> {
  const { client, handler, log } = runtime;
  try {
    const json = serializeResult(await handler(event, context));
    await nextTurn();
    await client.postResponse(context.awsRequestId, json);
  } catch (error) {
    await nextTurn();
    log.error("Invoke Error", error);
    await client.postError(context.awsRequestId, error);
  }
}

export async function answerWithStream(runtime: Runtime, { context, event }: Invocation): Promise<void> {
  const { client, handler, log } = runtime;
  const response = openResponse(client, context.awsRequestId);
  const broken = response.acknowledged.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  try {
    const returned = handler(event, response.stream, context);
    if (!isPromiseLike(returned)) {
      throw new Error("Streaming does not support non-async handlers.");
    }
    if ((await returned) !== undefined) {
      // eslint-disable-next-line no-console -- AWS: the function's own log gets this warning (aws-lambda-ric).
      console.warn("Streaming handlers ignore return values.");
    }
  } catch (error) {
    await nextTurn();
    log.error("Invoke Error", error);
    await response.fail(error);
    return;
  }
  const failure = await broken;
  if (failure !== undefined) {
    throw failure.error;
  }
}

// Taken at load: the fake timers of a test in whose process the handler runs must not hold its answers back.
const { setImmediate } = globalThis;

/** Lets a rejection that nobody handles end the process before an answer is posted, as on Lambda. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

export function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "then") === "function";
}
