import type { Handler } from "./handler-loader.ts";
import type { FunctionIdentity } from "./invoke-context.ts";
import { serveInvocations } from "./invocations.ts";
import { InvokeStore } from "./invoke-store.ts";
import { RuntimeApiClient } from "./runtime-api-client.ts";
import type { RuntimeConnection } from "./runtime-connection.ts";

/** What {@link runHandler} needs. */
export interface RunHandlerOptions {
  /** `host:port` of the Runtime API, the value of `AWS_LAMBDA_RUNTIME_API`, or a connection that others may use as well. */
  readonly runtimeApi: string | RuntimeConnection;
  /** The function to call for each event: promise style, or made by {@link streamifyResponse}. */
  readonly handler: Handler;
  /** What the `context` argument tells about the function. */
  readonly identity: FunctionIdentity;
  /** Ends the loop, a connection of several with its end. An invocation that is running at that moment is not answered. */
  readonly signal: AbortSignal;
}

/**
 * Runs a handler in this process against a Runtime API, one event after the other, until the signal is aborted.
 * Neither the console nor the environment nor the process is touched. Rejects when the Runtime API goes away.
 *
 * @example
 * await runHandler({ runtimeApi: "127.0.0.1:9001", handler: async (event) => event, identity, signal });
 */
export async function runHandler(options: RunHandlerOptions): Promise<void> {
  const { handler, identity, signal } = options;
  if (signal.aborted) {
    return;
  }
  const { runtimeApi } = options;
  const client = new RuntimeApiClient(typeof runtimeApi === "string" ? runtimeApi : runtimeApi.open, "ric4");
  const stop = (): void => client.close();
  signal.addEventListener("abort", stop, { once: true });
  try {
    const log = { error: () => undefined };
    await serveInvocations({
      rules: "ric4",
      client,
      handler,
      identity: () => identity,
      current: new InvokeStore(),
      log,
      setTraceId: () => undefined,
      crashes: false,
    });
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    client.close();
  }
}
