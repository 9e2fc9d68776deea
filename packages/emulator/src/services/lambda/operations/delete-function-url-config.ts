import type { DeleteFunctionUrlConfigRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingUrl, noUrl, urlOwner } from "../function-url/url-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export function deleteFunctionUrlConfig(
  parts: LambdaParts,
  input: DeleteFunctionUrlConfigRequest,
  call: CallContext,
): void {
  const FunctionName = required(input.FunctionName, "FunctionName");
  const owner = urlOwner(parts, call.region, { ...input, FunctionName }, noUrl);
  parts.urls.delete(existingUrl(parts, owner));
}
