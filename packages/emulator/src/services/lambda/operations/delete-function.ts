import type { DeleteFunctionRequest, DeleteFunctionResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingFunction } from "../function-address.ts";
import { invalidParameter } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export function deleteFunction(
  { functions, deployments }: LambdaParts,
  input: DeleteFunctionRequest,
  call: CallContext,
): DeleteFunctionResponse {
  const address = required(input.FunctionName, "FunctionName");
  const { fn, qualifier } = existingFunction(functions, call.region, address, input.Qualifier);
  // AWS: recorded on AWS.
  if (qualifier !== undefined)
    throw invalidParameter("$LATEST version cannot be deleted without deleting the function.");
  functions.delete(fn);
  deployments.delete(fn);
  // AWS: recorded on AWS.
  return { StatusCode: 204 };
}
