import type { FunctionCodeLocation, GetFunctionRequest, GetFunctionResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { describeFunction } from "../describe-function.ts";
import { existingTarget } from "../function-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import type { CodeFacts } from "../state/function-store.ts";

export function getFunction(
  { ports, functions }: LambdaParts,
  input: GetFunctionRequest,
  call: CallContext,
): GetFunctionResponse {
  const address = required(input.FunctionName, "FunctionName");
  const { fn, qualifier, version } = existingTarget(functions, call.region, address, input.Qualifier);
  const { reservedConcurrency } = fn;
  return {
    // AWS: the ARN ends in the qualifier as it was given, the version is the one behind it (recorded on AWS).
    Configuration: describeFunction(fn, version, qualifier),
    Code: locate(version.code, (sha256) => ports.codeLocation(call.origin, sha256)),
    Concurrency: reservedConcurrency === undefined ? undefined : { ReservedConcurrentExecutions: reservedConcurrency },
    Tags: Object.keys(fn.tags).length === 0 ? undefined : { ...fn.tags },
  };
}

function locate({ image, sha256 }: CodeFacts, locationOf: (sha256: string) => string): FunctionCodeLocation {
  if (image === undefined) return { RepositoryType: "S3", Location: locationOf(sha256) };
  // AWS docs: both names, and no location.
  return { RepositoryType: "ECR", ImageUri: image.uri, ResolvedImageUri: image.resolvedUri };
}
