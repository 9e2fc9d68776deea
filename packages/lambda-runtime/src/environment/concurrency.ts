import type { FunctionSpec } from "../contract.ts";
import type { EnvironmentSettings } from "./environment-machine.ts";

/** How many invocations an environment of a function may have at a time, and how such environments come to be. */
export function concurrencyOf(spec: FunctionSpec): EnvironmentSettings {
  const variable = spec.environment["AWS_LAMBDA_MAX_CONCURRENCY"] ?? "";
  const maxConcurrency = spec.maxConcurrency ?? (/^[1-9]\d{0,3}$/.test(variable) ? Number(variable) : 1);
  // AWS: only Managed Instances have several (AWS docs).
  const byConcurrency = maxConcurrency > 1 ? "lambda-managed-instances" : "on-demand";
  return { maxConcurrency, initializationType: spec.initializationType ?? byConcurrency };
}
