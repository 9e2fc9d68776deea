export { createLambdaRuntime } from "./lambda-runtime.ts";
export { hostTime, realClock } from "./host-time.ts";
export { createFunctionUsers, isFunctionUser } from "./process/function-users.ts";
export type { FunctionUsers } from "./process/function-users.ts";
export { createDocker, reachEngine } from "./docker/docker-executor.ts";
export type { Docker, DockerOptions } from "./docker/docker-executor.ts";
export type { FoundImage } from "./docker/images.ts";
export { EngineError } from "./docker/engine.ts";
export { serveAttached } from "./attached/serve-attached.ts";
export type { AttachedExchange, AttachedSession } from "./attached/attached-execution.ts";
export type { ApiRequest, ApiResponse } from "./runtime-api/exchange.ts";
export { NobodyAttachedError, NoEnvironmentError, RuntimeClosedError } from "./contract.ts";
export type {
  EnvironmentPool,
  FunctionError,
  FunctionErrorCause,
  FunctionImage,
  FunctionSpec,
  InvokeOutcome,
  InvokeRequest,
  LambdaRuntime,
  LambdaRuntimeOptions,
  ProvisionedEnvironments,
  ResponseHead,
  ResponseSink,
  RuntimeEvent,
} from "./contract.ts";
export type { HostTime, LogEvent, RuntimeClock, RuntimeLog } from "./ports.ts";
