import type { InvocationRequest } from "@aws-sdk/client-lambda";
import { AwsError } from "../../../protocols/errors.ts";
import { invalidParameter, lambdaError } from "../lambda-error.ts";
import type { NotInvoked } from "./invoke-function.ts";

/** The error that a caller gets for what was not invoked. */
export function problemOf(result: NotInvoked): AwsError {
  const { message } = result;
  switch (result.reason) {
    case "functionMissing":
      return lambdaError("ResourceNotFoundException", message);
    case "denied":
      return new AwsError("AccessDeniedException", message, { statusCode: 403 });
    case "serviceError":
      return lambdaError("ServiceException", message);
    case "notActive":
      return result.error;
    case "recursion":
      return lambdaError("RecursiveInvocationException", message);
    case "throttled":
      // AWS: the reasons (recorded on AWS). Assumed: the seconds.
      return lambdaError("TooManyRequestsException", message, {
        fields: { Reason: result.limit, retryAfterSeconds: "1" },
      });
  }
}

/** Refuses kinds of invocations that LocalEmu does not have. */
export function refuseKinds(input: Pick<InvocationRequest, "TenantId" | "DurableExecutionName">): void {
  if (input.TenantId !== undefined) throw invalidParameter("LocalEmu does not offer tenants (TenantId).");
  if (input.DurableExecutionName !== undefined)
    throw invalidParameter("LocalEmu does not offer durable executions (DurableExecutionName).");
}
