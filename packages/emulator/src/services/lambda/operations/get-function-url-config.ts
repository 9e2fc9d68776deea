import type { GetFunctionUrlConfigRequest, GetFunctionUrlConfigResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { describeWhole } from "../function-url/describe-url.ts";
import { existingUrl, noUrl, urlOwner } from "../function-url/url-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export function getFunctionUrlConfig(
  parts: LambdaParts,
  input: GetFunctionUrlConfigRequest,
  call: CallContext,
): GetFunctionUrlConfigResponse {
  const FunctionName = required(input.FunctionName, "FunctionName");
  const owner = urlOwner(parts, call.region, { ...input, FunctionName }, noUrl);
  return describeWhole(existingUrl(parts, owner), call.origin);
}
