import type { AliasConfiguration, CreateAliasRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { aliasArn, describeAlias, refuseLead, routingOf } from "../alias-rules.ts";
import { existingFunction } from "../function-address.ts";
import { existingVersion } from "../function-versions.ts";
import { lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import type { Alias } from "../state/function-store.ts";

export function createAlias(
  { ports, functions }: LambdaParts,
  input: CreateAliasRequest,
  call: CallContext,
): AliasConfiguration {
  const address = required(input.FunctionName, "FunctionName");
  const name = required(input.Name, "Name");
  const version = required(input.FunctionVersion, "FunctionVersion");
  // AWS: a missing function is told with the version that was asked for (recorded on AWS).
  const { fn } = existingFunction(functions, call.region, address, { notFoundQualifier: version });
  existingVersion(fn, version);
  // AWS: recorded on AWS.
  if (fn.aliases.has(name))
    throw lambdaError("ResourceConflictException", `Alias already exists: ${aliasArn(fn, name)}`);
  const routing = routingOf(input.RoutingConfig);
  refuseLead(fn, { version, routing });
  const alias: Alias = {
    name,
    version,
    description: input.Description ?? "",
    routing,
    revisionId: ports.ids.uuid(),
  };
  fn.aliases.set(name, alias);
  functions.keep(fn);
  return describeAlias(fn, alias);
}
