import type { EnvironmentPool } from "../contract.ts";
import { guardedCall } from "../runtime-api/guarded-call.ts";
import { replyError, replyNotFound } from "../runtime-api/replies.ts";
import { TOO_LATE } from "../runtime-api/runtime-api-machine.ts";
import type { AttachedExchange } from "./attached-execution.ts";
import { refuseDetached } from "./refuse-detached.ts";

/**
 * Serves the Runtime API to a process that runs a function from outside. An answer, and a poll after it, go to the one of
 * `pools` whose invocation it is; a poll of somebody new to `current`, the pool that is in force. Without one it is refused
 * with 410: the function is gone.
 */
export function serveAttached(
  exchange: AttachedExchange,
  pools: readonly Pick<EnvironmentPool, "poll" | "answer">[],
  current: Pick<EnvironmentPool, "attach"> | undefined,
): void {
  guardedCall(exchange.request, exchange.response, exchange.onError, (request, response) =>
    serve({ ...exchange, request, response }, pools, current),
  );
}

function serve(
  exchange: AttachedExchange,
  pools: readonly Pick<EnvironmentPool, "poll" | "answer">[],
  current: Pick<EnvironmentPool, "attach"> | undefined,
): void {
  const { request, response, path } = exchange;
  const [area, first, second = "", third] = path;
  const invocation = area === "runtime" && first === "invocation";
  if (invocation && request.method === "GET" && second === "next" && path.length === 3) {
    if (pools.some((pool) => pool.poll(exchange))) return;
    if (current === undefined) {
      refuseDetached(exchange);
    } else {
      current.attach(exchange);
    }
    return;
  }
  const answer = third === "response" || third === "error" ? third : undefined;
  if (!invocation || request.method !== "POST" || answer === undefined || path.length !== 4) {
    request.resume();
    replyNotFound(response);
  } else if (!pools.some((pool) => pool.answer(exchange, second, answer))) {
    // Assumed: whatever this was an answer to is over.
    request.resume();
    replyError(response, TOO_LATE);
  }
}
