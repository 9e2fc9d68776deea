export { runHandler, type RunHandlerOptions } from "./run-handler.ts";
export {
  connectRuntime,
  type OpenRequest,
  type OutgoingRequest,
  type RuntimeConnection,
} from "./runtime-connection.ts";
export type { Handler } from "./handler-loader.ts";
export type { FunctionIdentity, InvokeContext } from "./invoke-context.ts";
export { defineGlobals, streamifyResponse } from "./lambda-globals.ts";
export { HttpResponseStream } from "./response-stream.ts";
