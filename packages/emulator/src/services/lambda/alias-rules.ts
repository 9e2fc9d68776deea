import type { AliasConfiguration, AliasRoutingConfiguration } from "@aws-sdk/client-lambda";
import { existingVersion } from "./function-versions.ts";
import { invalidParameter } from "./lambda-error.ts";
import type { Alias, LambdaFunction } from "./state/function-store.ts";

/** What an alias leads to. */
type Lead = Pick<Alias, "version" | "routing">;

/** The additional version of a request, or undefined where it has none. Throws AWS's error for more than one. */
export function routingOf(config: AliasRoutingConfiguration | undefined): Alias["routing"] {
  const [first, second] = Object.entries(config?.AdditionalVersionWeights ?? {});
  // AWS: recorded on AWS.
  if (second !== undefined)
    throw invalidParameter("Number of items in AdditionalVersionWeights cannot be greater than 1");
  return first && { version: first[0], weight: first[1] };
}

/** Throws AWS's error for an alias that would lead nowhere, or twice to one version. */
export function refuseLead(fn: LambdaFunction, { version, routing }: Lead): void {
  existingVersion(fn, version);
  if (routing === undefined) return;
  // AWS: recorded on AWS, all three.
  if (routing.version === version)
    throw invalidParameter(
      `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
    );
  if (version === "$LATEST")
    throw invalidParameter("$LATEST is not supported for an alias pointing to more than 1 version");
  existingVersion(fn, routing.version);
}

export function aliasArn(fn: LambdaFunction, name: string): string {
  return `${fn.arn}:${name}`;
}

// AWS: a description always, a RoutingConfig only where there is an additional version (recorded on AWS).
export function describeAlias(fn: LambdaFunction, alias: Alias): AliasConfiguration {
  const { name, version, description, routing, revisionId } = alias;
  return {
    AliasArn: aliasArn(fn, name),
    Name: name,
    FunctionVersion: version,
    Description: description,
    RoutingConfig: routing && { AdditionalVersionWeights: { [routing.version]: routing.weight } },
    RevisionId: revisionId,
  };
}
