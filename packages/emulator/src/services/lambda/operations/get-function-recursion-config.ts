import type { GetFunctionRecursionConfigRequest, GetFunctionRecursionConfigResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { unqualifiedFunction } from "../function-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export function getFunctionRecursionConfig(
  { functions }: LambdaParts,
  input: GetFunctionRecursionConfigRequest,
  call: CallContext,
): GetFunctionRecursionConfigResponse {
  const fn = unqualifiedFunction(functions, call.region, required(input.FunctionName, "FunctionName"));
  return { RecursiveLoop: fn.recursiveLoop };
}
