import type { Concurrency, PutFunctionConcurrencyRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { unqualifiedFunction } from "../function-address.ts";
import { concurrencyLeftFor, leastUnreservedConcurrency } from "../invoke/concurrency.ts";
import { invalidParameter } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { totalProvisioned } from "../provisioned-rules.ts";

/** In force for the next invocation; those that run are left alone. */
export function putFunctionConcurrency(
  parts: LambdaParts,
  input: PutFunctionConcurrencyRequest,
  call: CallContext,
): Concurrency {
  const { functions, provisioned } = parts;
  const address = required(input.FunctionName, "FunctionName");
  const reserved = required(input.ReservedConcurrentExecutions, "ReservedConcurrentExecutions");
  // AWS: a missing function is told as its $LATEST (recorded on AWS).
  const fn = unqualifiedFunction(functions, call.region, address, "$LATEST");
  const kept = totalProvisioned(provisioned, fn);
  // AWS: with these blanks (recorded on AWS).
  if (reserved < kept)
    throw invalidParameter(
      ` ReservedConcurrentExecutions  ${reserved} should not be lower than function's total provisioned concurrency [${kept}].`,
    );
  // AWS: recorded on AWS.
  if (concurrencyLeftFor(parts, fn) - reserved < leastUnreservedConcurrency)
    throw invalidParameter(
      `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${leastUnreservedConcurrency}].`,
    );
  fn.reservedConcurrency = reserved;
  functions.keep(fn);
  return { ReservedConcurrentExecutions: reserved };
}
