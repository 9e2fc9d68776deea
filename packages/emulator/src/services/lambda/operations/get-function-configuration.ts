import type { FunctionConfiguration, GetFunctionConfigurationRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { describeFunction } from "../describe-function.ts";
import { existingTarget } from "../function-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export function getFunctionConfiguration(
  { functions }: LambdaParts,
  input: GetFunctionConfigurationRequest,
  call: CallContext,
): FunctionConfiguration {
  const address = required(input.FunctionName, "FunctionName");
  const { fn, qualifier, version } = existingTarget(functions, call.region, address, input.Qualifier);
  return describeFunction(fn, version, qualifier);
}
