import type { GetFunctionCodeSigningConfigRequest, GetFunctionCodeSigningConfigResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingFunction } from "../function-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";

/** No function has one. */
export function getFunctionCodeSigningConfig(
  { functions }: LambdaParts,
  input: GetFunctionCodeSigningConfigRequest,
  call: CallContext,
): GetFunctionCodeSigningConfigResponse {
  existingFunction(functions, call.region, required(input.FunctionName, "FunctionName"));
  // Assumed: an empty answer for a function whose code is not signed, as other emulators have it.
  return { CodeSigningConfigArn: undefined, FunctionName: undefined };
}
