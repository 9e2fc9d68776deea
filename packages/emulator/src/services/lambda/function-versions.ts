import { lambdaError } from "./lambda-error.ts";
import type { AwsError } from "../../protocols/errors.ts";
import type { Alias, FunctionVersion, LambdaFunction } from "./state/function-store.ts";

/** `$LATEST` or a published version. */
export function findVersion(fn: LambdaFunction, version: string): FunctionVersion | undefined {
  return version === "$LATEST" ? fn.latest : fn.published.get(version);
}

/** Whether a qualifier can only be a version's: no alias may be named so. */
export function isVersion(qualifier: string): boolean {
  return qualifier === "$LATEST" || /^\d+$/.test(qualifier);
}

/** `$LATEST` and then the published versions, the oldest first. */
export function allVersions(fn: LambdaFunction): FunctionVersion[] {
  return [fn.latest, ...fn.published.values()];
}

/**
 * The version that gets an invocation of an alias.
 *
 * @param fraction Chance: 0 up to, but not including, 1. Below the weight it falls to the additional version.
 */
export function routedVersion(alias: Alias, fraction: number): string {
  return alias.routing !== undefined && fraction < alias.routing.weight ? alias.routing.version : alias.version;
}

// AWS: recorded on AWS.
export function functionNotFound(arn: string, qualifier: string | undefined): AwsError {
  const suffix = qualifier === undefined ? "" : `:${qualifier}`;
  return lambdaError("ResourceNotFoundException", `Function not found: ${arn}${suffix}`);
}

/** The version of that number, or AWS's error. */
export function existingVersion(fn: LambdaFunction, version: string): FunctionVersion {
  const found = findVersion(fn, version);
  if (found === undefined) throw functionNotFound(fn.arn, version);
  return found;
}
