import type { GetProvisionedConcurrencyConfigResponse } from "@aws-sdk/client-lambda";
import { aliasArn } from "./alias-rules.ts";
import { existingFunction } from "./function-address.ts";
import { existingVersion, isVersion } from "./function-versions.ts";
import { leastUnreservedConcurrency, unreservedConcurrency } from "./invoke/concurrency.ts";
import { invalidParameter, lambdaError } from "./lambda-error.ts";
import type { LambdaParts } from "./lambda-parts.ts";
import type { LambdaFunction } from "./state/function-store.ts";
import type { ProvisionedConcurrency } from "./state/provisioned-concurrency.ts";

type Provisioned = LambdaParts["provisioned"];

/** A published version or an alias of a function. */
export interface ProvisionedOwner {
  readonly fn: LambdaFunction;
  readonly qualifier: string;
}

/** Whose environments are meant, or AWS's error. `latest`: its text for `$LATEST`. */
export function provisionedOwner(
  { functions }: Pick<LambdaParts, "functions">,
  region: string,
  address: string,
  separateQualifier: string,
  latest: string,
): ProvisionedOwner {
  if (separateQualifier === "$LATEST") throw invalidParameter(latest);
  const { fn } = existingFunction(functions, region, address, { separateQualifier });
  return { fn, qualifier: separateQualifier };
}

// AWS: recorded on AWS.
export const mustBePublished = "The function resource provided must be an alias or a published version.";

/** Refuses what does not exist, and what others keep environments for already: an alias for its version, or the other way. */
export function refuseConflicts(provisioned: Provisioned, { fn, qualifier }: ProvisionedOwner): void {
  if (isVersion(qualifier)) {
    existingVersion(fn, qualifier);
    const aliases = [...fn.aliases.values()].filter(({ version }) => version === qualifier);
    // AWS: recorded on AWS.
    if (aliases.some(({ name }) => provisioned.get(fn, name) !== undefined))
      throw lambdaError("ResourceConflictException", "Version is pointed by a Provisioned Concurrency alias");
    return;
  }
  const alias = fn.aliases.get(qualifier);
  // Assumed: the text, which is UpdateAlias's.
  if (alias === undefined)
    throw lambdaError("ResourceNotFoundException", `Alias not found: ${aliasArn(fn, qualifier)}`);
  // AWS: recorded on AWS.
  if (provisioned.get(fn, alias.version) !== undefined)
    throw lambdaError(
      "ResourceConflictException",
      "Alias can't be used for Provisioned Concurrency configuration on an already Provisioned version",
    );
}

/** Refuses more environments than the function, or the account, has. */
export function refuseTooMany(
  { functions, provisioned }: Pick<LambdaParts, "functions" | "provisioned">,
  { fn, qualifier }: ProvisionedOwner,
  requested: number,
): void {
  const total = totalProvisioned(provisioned, fn) - (provisioned.get(fn, qualifier)?.requested ?? 0) + requested;
  if (fn.reservedConcurrency !== undefined) {
    if (total <= fn.reservedConcurrency) return;
    // AWS: recorded on AWS.
    throw invalidParameter(
      "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function",
    );
  }
  const unreserved = unreservedConcurrency(functions, fn.region);
  // Assumed: both texts, which are made like that of PutFunctionConcurrency.
  if (total > unreserved)
    throw invalidParameter(
      `Specified ConcurrentExecutions for function is greater than account's unreserved concurrency [${unreserved}].`,
    );
  if (unreserved - total < leastUnreservedConcurrency)
    throw invalidParameter(
      `Specified ConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${leastUnreservedConcurrency}].`,
    );
}

/** What all qualifiers of a function ask for. */
export function totalProvisioned(provisioned: Provisioned, fn: LambdaFunction): number {
  return provisioned.entries(fn).reduce((sum, [, { requested }]) => sum + requested, 0);
}

// AWS: nothing is allocated at first, and then all at once (recorded on AWS).
export function describeProvisioned(config: ProvisionedConcurrency): GetProvisionedConcurrencyConfigResponse {
  const { requested, ready, lastModified } = config;
  return {
    RequestedProvisionedConcurrentExecutions: requested,
    AvailableProvisionedConcurrentExecutions: ready ? requested : 0,
    AllocatedProvisionedConcurrentExecutions: ready ? requested : 0,
    Status: ready ? "READY" : "IN_PROGRESS",
    // AWS: without milliseconds (AWS docs, examples).
    LastModified: new Date(lastModified).toISOString().replace(/\.\d+Z$/, "+0000"),
  };
}
