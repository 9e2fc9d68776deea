export { createLambdaRuntime } from "./lambda-runtime.ts";
export { hostTime, realClock } from "./host-time.ts";
export { NoEnvironmentError, RuntimeClosedError } from "./contract.ts";
export type {
  EnvironmentPool,
  FunctionError,
  FunctionErrorCause,
  FunctionSpec,
  InvokeOutcome,
  InvokeRequest,
  LambdaRuntime,
  LambdaRuntimeOptions,
  ResponseHead,
  ResponseSink,
  RuntimeEvent,
} from "./contract.ts";
export type { HostTime, LogEvent, RuntimeClock, RuntimeLog } from "./ports.ts";
