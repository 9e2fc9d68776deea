import type { PutRuntimeManagementConfigRequest, PutRuntimeManagementConfigResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingTarget } from "../function-address.ts";
import { invalidParameter } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";

/** Kept and told: each runtime has one version here. */
export function putRuntimeManagementConfig(
  { functions, runtimeUpdates }: LambdaParts,
  input: PutRuntimeManagementConfigRequest,
  call: CallContext,
): PutRuntimeManagementConfigResponse {
  const address = required(input.FunctionName, "FunctionName");
  const updateOn = required(input.UpdateRuntimeOn, "UpdateRuntimeOn");
  const { fn, qualifier } = existingTarget(functions, call.region, address, input.Qualifier);
  const { RuntimeVersionArn: versionArn } = input;
  // AWS: the version goes with Manual, and Manual with a version (AWS docs). Assumed: the texts.
  if (updateOn === "Manual" && versionArn === undefined)
    throw invalidParameter("RuntimeVersionArn is required when UpdateRuntimeOn is set to Manual.");
  if (updateOn !== "Manual" && versionArn !== undefined)
    throw invalidParameter("RuntimeVersionArn can be set only when UpdateRuntimeOn is set to Manual.");
  runtimeUpdates.set(fn, qualifier ?? "$LATEST", { updateOn, versionArn });
  return {
    FunctionArn: qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`,
    UpdateRuntimeOn: updateOn,
    RuntimeVersionArn: versionArn,
  };
}
