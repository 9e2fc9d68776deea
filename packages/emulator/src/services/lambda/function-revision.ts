import { lambdaError } from "./lambda-error.ts";
import type { LambdaFunction } from "./state/function-store.ts";

/** Refuses a change of a function that is being made or changed, or that is not the one that the caller saw. */
export function refuseChange(fn: LambdaFunction, revisionId: string | undefined): void {
  // AWS: the text (AWS users' reports).
  if (fn.state === "Pending")
    throw lambdaError(
      "ResourceConflictException",
      "The operation cannot be performed at this time. The function is currently in the following state: Pending",
    );
  // AWS: recorded on AWS.
  if (fn.lastUpdate === "InProgress")
    throw lambdaError(
      "ResourceConflictException",
      `The operation cannot be performed at this time. An update is in progress for resource: ${fn.arn}`,
    );
  // AWS: recorded on AWS.
  if (revisionId !== undefined && revisionId !== fn.revisionId)
    throw lambdaError(
      "PreconditionFailedException",
      "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
    );
}
