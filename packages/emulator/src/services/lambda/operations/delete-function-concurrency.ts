import type { DeleteFunctionConcurrencyRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { unqualifiedFunction } from "../function-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";

/** Also where nothing is reserved. */
export function deleteFunctionConcurrency(
  { functions }: LambdaParts,
  input: DeleteFunctionConcurrencyRequest,
  call: CallContext,
): void {
  const fn = unqualifiedFunction(functions, call.region, required(input.FunctionName, "FunctionName"));
  fn.reservedConcurrency = undefined;
  functions.keep(fn);
}
