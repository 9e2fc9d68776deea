import type { AliasConfiguration, GetAliasRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { aliasArn, describeAlias } from "../alias-rules.ts";
import { existingFunction } from "../function-address.ts";
import { lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export function getAlias({ functions }: LambdaParts, input: GetAliasRequest, call: CallContext): AliasConfiguration {
  const name = required(input.Name, "Name");
  const { fn } = existingFunction(functions, call.region, required(input.FunctionName, "FunctionName"));
  const alias = fn.aliases.get(name);
  // AWS: recorded on AWS.
  if (alias === undefined)
    throw lambdaError("ResourceNotFoundException", `Cannot find alias arn: ${aliasArn(fn, name)}`);
  return describeAlias(fn, alias);
}
