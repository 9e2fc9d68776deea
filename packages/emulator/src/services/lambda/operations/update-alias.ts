import type { AliasConfiguration, UpdateAliasRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { aliasArn, describeAlias, refuseLead, routingOf } from "../alias-rules.ts";
import { existingFunction } from "../function-address.ts";
import { refuseOtherRevision } from "../function-revision.ts";
import { lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { provisionVersions } from "../provisioned-rules.ts";
import type { Alias } from "../state/function-store.ts";

/** In force for the next invocation. */
export function updateAlias(parts: LambdaParts, input: UpdateAliasRequest, call: CallContext): AliasConfiguration {
  const { ports, functions } = parts;
  const name = required(input.Name, "Name");
  const { fn } = existingFunction(functions, call.region, required(input.FunctionName, "FunctionName"));
  const before = fn.aliases.get(name);
  // AWS: recorded on AWS; other words than GetAlias has.
  if (before === undefined) throw lambdaError("ResourceNotFoundException", `Alias not found: ${aliasArn(fn, name)}`);
  refuseOtherRevision(before, input.RevisionId);
  const version = input.FunctionVersion ?? before.version;
  // AWS: an empty RoutingConfig takes the additional version away (recorded on AWS).
  const routing = input.RoutingConfig === undefined ? before.routing : routingOf(input.RoutingConfig);
  refuseLead(fn, { version, routing });
  // AWS: the revision changes even where nothing else does (recorded on AWS).
  const revisionId = ports.ids.uuid();
  const alias: Alias = { name, version, description: input.Description ?? before.description, routing, revisionId };
  fn.aliases.set(name, alias);
  parts.functions.keep(fn);
  // AWS: what is provisioned for an alias goes where it leads (AWS docs).
  provisionVersions(parts, fn);
  return describeAlias(fn, alias);
}
