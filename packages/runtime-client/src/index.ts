export { runHandler, type RunHandlerOptions } from "./run-handler.ts";
export type { Handler } from "./handler-loader.ts";
export type { FunctionIdentity, InvokeContext } from "./invoke-context.ts";
export { streamifyResponse } from "./lambda-globals.ts";
export { HttpResponseStream } from "./response-stream.ts";
