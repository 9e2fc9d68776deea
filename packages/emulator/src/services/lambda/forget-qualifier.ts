import type { LambdaParts } from "./lambda-parts.ts";
import type { LambdaFunction } from "./state/function-store.ts";

/** What was configured for a version or an alias goes with it. */
export function forgetQualifier(
  { eventConfigs, policies, runtimeUpdates, provisioned }: LambdaParts,
  fn: LambdaFunction,
  qualifier: string,
): void {
  for (const kept of [eventConfigs, policies, runtimeUpdates, provisioned]) kept.delete(fn, qualifier);
}
