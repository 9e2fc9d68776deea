import type { LambdaParts } from "./lambda-parts.ts";
import { provisionVersions } from "./provisioned-rules.ts";
import type { LambdaFunction } from "./state/function-store.ts";

/** What was configured for a version or an alias goes with it. */
export function forgetQualifier(parts: LambdaParts, fn: LambdaFunction, qualifier: string): void {
  const { eventConfigs, policies, runtimeUpdates, provisioned } = parts;
  for (const kept of [eventConfigs, policies, runtimeUpdates, provisioned]) kept.delete(fn, qualifier);
  provisionVersions(parts, fn);
}
