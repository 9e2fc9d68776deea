import { STREAM_RESPONSE, STREAMING, type Handler } from "./handler-loader.ts";
import type { InvokeStore } from "./invoke-store.ts";
import { HttpResponseStream } from "./response-stream.ts";

const HIGH_WATER_MARK = Symbol.for("aws.lambda.runtime.handler.streaming.highWaterMark");

/** Marks a handler `(event, responseStream, context)` as streaming and returns it. */
export function streamifyResponse<H extends Handler>(handler: H, options?: { readonly highWaterMark?: number }): H {
  Reflect.set(handler, STREAMING, STREAM_RESPONSE);
  if (typeof options?.highWaterMark === "number") {
    Reflect.set(handler, HIGH_WATER_MARK, Math.trunc(options.highWaterMark));
  }
  return handler;
}

/** Defines the global `awslambda`, unless the function opted out with `AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA`. */
export function defineGlobals(store: InvokeStore | undefined): void {
  if (["1", "true"].includes(process.env["AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA"] ?? "")) {
    return;
  }
  const present: unknown = Reflect.get(globalThis, "awslambda");
  const additions = { streamifyResponse, HttpResponseStream, ...(store === undefined ? {} : { InvokeStore: store }) };
  Reflect.set(globalThis, "awslambda", Object.assign({}, present, additions));
}
