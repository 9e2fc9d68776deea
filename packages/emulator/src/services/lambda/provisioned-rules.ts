import type { GetProvisionedConcurrencyConfigResponse } from "@aws-sdk/client-lambda";
import { aliasArn } from "./alias-rules.ts";
import { existingFunction } from "./function-address.ts";
import { existingVersion, findVersion, isVersion } from "./function-versions.ts";
import { concurrencyLeftFor, leastUnreservedConcurrency } from "./invoke/concurrency.ts";
import { invalidParameter, lambdaError } from "./lambda-error.ts";
import type { LambdaParts } from "./lambda-parts.ts";
import type { FunctionVersion, LambdaFunction } from "./state/function-store.ts";
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
  parts: Pick<LambdaParts, "functions" | "deployments" | "provisioned">,
  { fn, qualifier }: ProvisionedOwner,
  requested: number,
): void {
  const { provisioned } = parts;
  const total = totalProvisioned(provisioned, fn) - (provisioned.get(fn, qualifier)?.requested ?? 0) + requested;
  if (fn.reservedConcurrency !== undefined) {
    if (total <= fn.reservedConcurrency) return;
    // AWS: recorded on AWS.
    throw invalidParameter(
      "Requested Provisioned Concurrency should not be greater than the reservedConcurrentExecution for function",
    );
  }
  const unreserved = concurrencyLeftFor(parts, fn);
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

/**
 * Has each version have as many environments ready as it, and the aliases that lead to it, ask for.
 * Assumed: of a weighted alias, the additional version has its part of them.
 */
export function provisionVersions(
  { provisioned, deployments }: Pick<LambdaParts, "provisioned" | "deployments">,
  fn: LambdaFunction,
): void {
  const counts = new Map<FunctionVersion, number>();
  for (const [qualifier, { requested }] of provisioned.entries(fn)) {
    for (const [version, count] of sharesOf(fn, qualifier, requested)) {
      if (count > 0) counts.set(version, (counts.get(version) ?? 0) + count);
    }
  }
  deployments.provision(fn, counts);
}

/** Which versions of a qualifier have how many of the environments that it asks for. */
function sharesOf(fn: LambdaFunction, qualifier: string, requested: number): [FunctionVersion, number][] {
  const alias = fn.aliases.get(qualifier);
  const version = findVersion(fn, alias?.version ?? qualifier);
  const additional = alias?.routing && findVersion(fn, alias.routing.version);
  if (version === undefined) return [];
  if (alias?.routing === undefined || additional === undefined) return [[version, requested]];
  const share = Math.round(requested * alias.routing.weight);
  return [
    [version, requested - share],
    [additional, share],
  ];
}

/** A configuration as it is answered when it is made. AWS: nothing is allocated at first (recorded on AWS). */
export function describeRequested({
  requested,
  lastModified,
}: ProvisionedConcurrency): GetProvisionedConcurrencyConfigResponse {
  return {
    RequestedProvisionedConcurrentExecutions: requested,
    AvailableProvisionedConcurrentExecutions: 0,
    AllocatedProvisionedConcurrentExecutions: 0,
    Status: "IN_PROGRESS",
    // AWS: without milliseconds (AWS docs, examples).
    LastModified: new Date(lastModified).toISOString().replace(/\.\d+Z$/, "+0000"),
  };
}

/** A configuration with what has come of it. */
export function describeProvisioned(
  { deployments }: Pick<LambdaParts, "deployments">,
  { fn, qualifier }: ProvisionedOwner,
  config: ProvisionedConcurrency,
): GetProvisionedConcurrencyConfigResponse {
  const described = describeRequested(config);
  let available = 0;
  for (const [version, share] of sharesOf(fn, qualifier, config.requested)) {
    const { available: ready, failed } = deployments.pool(version)?.provisioned ?? { available: 0, failed: false };
    // AWS: the status, the code and the zeros (recorded on AWS).
    if (failed && share > 0) return { ...described, Status: "FAILED", StatusReason: "FUNCTION_ERROR_INIT_FAILURE" };
    available += Math.min(ready, share);
  }
  return {
    ...described,
    AvailableProvisionedConcurrentExecutions: available,
    AllocatedProvisionedConcurrentExecutions: available,
    Status: available === config.requested ? "READY" : "IN_PROGRESS",
  };
}
