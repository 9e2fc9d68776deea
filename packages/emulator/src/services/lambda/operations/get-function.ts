import type { GetFunctionRequest, GetFunctionResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { describeFunction } from "../describe-function.ts";
import { existingFunction } from "../function-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export function getFunction(
  { functions }: LambdaParts,
  input: GetFunctionRequest,
  call: CallContext,
): GetFunctionResponse {
  const address = required(input.FunctionName, "FunctionName");
  const { fn, qualifier } = existingFunction(functions, call.region, address, input.Qualifier);
  return {
    Configuration: describeFunction(fn, { qualified: qualifier !== undefined }),
    // The zip is not kept once it is unpacked, so there is no Location to download it from.
    Code: { RepositoryType: "S3" },
    Tags: Object.keys(fn.tags).length === 0 ? undefined : { ...fn.tags },
  };
}
