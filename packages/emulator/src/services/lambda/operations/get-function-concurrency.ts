import type { GetFunctionConcurrencyRequest, GetFunctionConcurrencyResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { unqualifiedFunction } from "../function-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export function getFunctionConcurrency(
  { functions }: LambdaParts,
  input: GetFunctionConcurrencyRequest,
  call: CallContext,
): GetFunctionConcurrencyResponse {
  const fn = unqualifiedFunction(functions, call.region, required(input.FunctionName, "FunctionName"));
  // AWS: an empty answer where nothing is reserved (recorded on AWS).
  return { ReservedConcurrentExecutions: fn.reservedConcurrency };
}
