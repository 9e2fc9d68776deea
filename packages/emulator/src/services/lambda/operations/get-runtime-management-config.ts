import type { GetRuntimeManagementConfigRequest, GetRuntimeManagementConfigResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingTarget } from "../function-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export function getRuntimeManagementConfig(
  { functions, runtimeUpdates }: LambdaParts,
  input: GetRuntimeManagementConfigRequest,
  call: CallContext,
): GetRuntimeManagementConfigResponse {
  const address = required(input.FunctionName, "FunctionName");
  const { fn, qualifier } = existingTarget(functions, call.region, address, input.Qualifier);
  const management = runtimeUpdates.get(fn, qualifier ?? "$LATEST");
  return {
    FunctionArn: qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`,
    // AWS: the default (AWS docs).
    UpdateRuntimeOn: management?.updateOn ?? "Auto",
    RuntimeVersionArn: management?.versionArn,
  };
}
