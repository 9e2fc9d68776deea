import type { UpdateFunctionUrlConfigRequest, UpdateFunctionUrlConfigResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { describeWhole } from "../function-url/describe-url.ts";
import { existingUrl, refuseMissingAlias, urlOwner } from "../function-url/url-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import type { FunctionUrl } from "../state/function-urls.ts";

export function updateFunctionUrlConfig(
  parts: LambdaParts,
  input: UpdateFunctionUrlConfigRequest,
  call: CallContext,
): UpdateFunctionUrlConfigResponse {
  const FunctionName = required(input.FunctionName, "FunctionName");
  const owner = urlOwner(parts, call.region, { ...input, FunctionName });
  refuseMissingAlias(owner);
  const before = existingUrl(parts, owner);
  const url: FunctionUrl = {
    ...before,
    authType: input.AuthType ?? before.authType,
    invokeMode: input.InvokeMode ?? before.invokeMode,
    // Assumed: the settings are replaced together, not merged.
    cors: input.Cors ?? before.cors,
    modifiedAt: parts.ports.clock.now(),
  };
  parts.urls.put(url);
  // AWS: the mode is told only to those who gave one (recorded on AWS).
  return { ...describeWhole(url, call.origin), InvokeMode: input.InvokeMode };
}
