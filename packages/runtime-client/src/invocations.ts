import type { ErrorLog } from "./console-log.ts";
import { runtimeError, serializeResult } from "./errors.ts";
import { isStreaming, type Handler } from "./handler-loader.ts";
import { buildContext, type FunctionIdentity, type InvokeContext } from "./invoke-context.ts";
import type { CurrentInvocation } from "./invoke-store.ts";
import { openResponse } from "./response-stream.ts";
import type { Rules } from "./rules.ts";
import type { RuntimeApiClient } from "./runtime-api-client.ts";

const NOT_24 =
  "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. " +
  "You need to modify this function to use a supported handler signature to use Node.js 24 or later. ";
const NOT_CONCURRENT =
  "ERROR: AWS Lambda does not support callback-based function handlers when using Node.js 22 with Managed Instances. " +
  "To use Managed Instances, modify this function to use a supported handler signature. ";
const MORE = "For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.";

export interface Runtime {
  readonly rules: Rules;
  readonly client: RuntimeApiClient;
  readonly handler: Handler;
  /** Read for each invocation: a function may change what it is made of. */
  readonly identity: () => FunctionIdentity;
  readonly current: CurrentInvocation;
  readonly log: ErrorLog;
  /** Takes the trace id of each invocation, for `_X_AMZN_TRACE_ID`. */
  readonly setTraceId: (traceId: string | undefined) => void;
  /** Whether a broken response ends the process, as on Lambda. */
  readonly crashes: boolean;
}

export interface Invocation {
  readonly context: InvokeContext;
  readonly event: unknown;
}

async function takeNext(runtime: Runtime): Promise<Invocation> {
  const { headers, body } = await runtime.client.next();
  const context = buildContext(headers, runtime.identity());
  runtime.setTraceId(context.xRayTraceId);
  const event: unknown = JSON.parse(body.toString("utf8"));
  return { context, event };
}

// AWS: since nodejs24.x a handler with a third parameter is refused when it is loaded (aws-lambda-ric 4).
export function refuseCallbackHandler(handler: Handler, environment: NodeJS.ProcessEnv): void {
  if (handler.length >= 3 && !isStreaming(handler, "ric4")) {
    const reason = environment["AWS_EXECUTION_ENV"] === "AWS_Lambda_nodejs22.x" ? NOT_CONCURRENT : NOT_24;
    throw runtimeError("ric4", "CallbackHandlerDeprecated", reason + MORE);
  }
}

/** Serves events, one after the other, until the connection to the platform breaks (which rejects). */
export async function serveInvocations(runtime: Runtime): Promise<never> {
  const processor = processorFor(runtime);
  for (;;) {
    const invocation = await takeNext(runtime);
    await enter(runtime, invocation, processor);
  }
}

/** Serves events as they come, however many are under way: how many there may be is the platform's to know. */
export async function serveConcurrently(runtime: Runtime): Promise<never> {
  const processor = processorFor(runtime);
  for (;;) {
    const invocation = await takeNext(runtime);
    setImmediate(() => void enter(runtime, invocation, processor));
  }
}

function enter(runtime: Runtime, invocation: Invocation, processor: Processor): Promise<void> {
  const { awsRequestId: requestId, xRayTraceId: traceId, tenantId } = invocation.context;
  return runtime.current.enter({ requestId, traceId, tenantId }, () => processor.process(invocation));
}

interface Processor {
  process(invocation: Invocation): Promise<void>;
}

function processorFor(runtime: Runtime): Processor {
  return isStreaming(runtime.handler, runtime.rules)
    ? new StreamingInvokeProcessor(runtime)
    : new BufferedInvokeProcessor(runtime);
}

/** AWS: the handler is a method of something with this name; a stack trace may tell (aws-lambda-ric 4). */
class BufferedInvokeProcessor implements Processor {
  readonly handler: Handler;
  readonly #runtime: Runtime;

  constructor(runtime: Runtime) {
    this.handler = runtime.handler;
    this.#runtime = runtime;
  }

  async process({ context, event }: Invocation): Promise<void> {
    const { client, log, rules } = this.#runtime;
    try {
      const result = await this.handler(event, context);
      await nextTurn();
      await client.postResponse(context.awsRequestId, serializeResult(rules, result));
    } catch (error) {
      await nextTurn();
      log.error("Invoke Error", error);
      await client.postError(context.awsRequestId, error);
    }
  }
}

/** AWS: see above. */
class StreamingInvokeProcessor implements Processor {
  readonly handler: Handler;
  readonly #runtime: Runtime;

  constructor(runtime: Runtime) {
    this.handler = runtime.handler;
    this.#runtime = runtime;
  }

  async process({ context, event }: Invocation): Promise<void> {
    const { client, crashes, log, rules } = this.#runtime;
    const response = openResponse(client, context.awsRequestId, rules);
    const broken = response.acknowledged.then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (crashes) {
      void crashWhenBroken(response.acknowledged);
    }
    try {
      const returned = this.handler(event, response.stream, context);
      if (!isPromise(returned, rules)) {
        throw new Error("Streaming does not support non-async handlers.");
      }
      warnOfResult(await returned);
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
}

// AWS: nobody handles that the response broke, whatever the handler does about it (aws-lambda-ric).
export async function crashWhenBroken(acknowledged: Promise<void>): Promise<void> {
  await acknowledged;
}

export function warnOfResult(result: unknown): void {
  if (result !== undefined) {
    // eslint-disable-next-line no-console -- AWS: the function's own log gets this warning (aws-lambda-ric).
    console.warn("Streaming handlers ignore return values.");
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

export function isPromise(value: unknown, rules: Rules): value is Promise<unknown> {
  const isObject = typeof value === "object" && value !== null;
  // AWS: up to nodejs22.x a function may be one (aws-lambda-ric).
  return (
    (isObject || (rules === "ric3" && typeof value === "function")) && typeof Reflect.get(value, "then") === "function"
  );
}
