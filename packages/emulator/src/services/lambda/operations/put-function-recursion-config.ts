import type { PutFunctionRecursionConfigRequest, PutFunctionRecursionConfigResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { unqualifiedFunction } from "../function-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";

/** In force for the next invocation. */
export function putFunctionRecursionConfig(
  { functions }: LambdaParts,
  input: PutFunctionRecursionConfigRequest,
  call: CallContext,
): PutFunctionRecursionConfigResponse {
  const fn = unqualifiedFunction(functions, call.region, required(input.FunctionName, "FunctionName"));
  fn.recursiveLoop = required(input.RecursiveLoop, "RecursiveLoop");
  functions.keep(fn);
  return { RecursiveLoop: fn.recursiveLoop };
}
