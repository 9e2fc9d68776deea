import type { CreateFunctionUrlConfigRequest, CreateFunctionUrlConfigResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { describeUrl } from "../function-url/describe-url.ts";
import { refuseMissingAlias, urlOwner } from "../function-url/url-address.ts";
import { lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import type { FunctionUrl } from "../state/function-urls.ts";

export function createFunctionUrlConfig(
  parts: LambdaParts,
  input: CreateFunctionUrlConfigRequest,
  call: CallContext,
): CreateFunctionUrlConfigResponse {
  const FunctionName = required(input.FunctionName, "FunctionName");
  const owner = urlOwner(parts, call.region, { ...input, FunctionName });
  const { ports, urls } = parts;
  const { fn, qualifier } = owner;
  if (urls.of(fn, qualifier) !== undefined) {
    const arn = qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`;
    // AWS: with two spaces (recorded on AWS).
    throw lambdaError(
      "ResourceConflictException",
      `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
    );
  }
  refuseMissingAlias(owner);
  const now = ports.clock.now();
  const url: FunctionUrl = {
    id: ports.ids.hex(16),
    fn,
    qualifier,
    authType: required(input.AuthType, "AuthType"),
    invokeMode: input.InvokeMode ?? "BUFFERED",
    cors: input.Cors,
    createdAt: now,
    modifiedAt: now,
  };
  urls.put(url);
  // AWS: the mode is told only to those who gave one (recorded on AWS).
  return { ...describeUrl(url, call.origin), InvokeMode: input.InvokeMode };
}
