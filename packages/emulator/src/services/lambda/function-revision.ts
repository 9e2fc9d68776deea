import { lambdaError } from "./lambda-error.ts";
import type { LambdaFunction } from "./state/function-store.ts";

/** Refuses a change of a function that is being made or changed, or that is not the one that the caller saw. */
export function refuseChange({ arn, latest }: LambdaFunction, revisionId: string | undefined): void {
  // AWS: the text (AWS users' reports).
  if (latest.state !== "Active") throw lambdaError("ResourceConflictException", notActive(latest.state));
  // AWS: recorded on AWS.
  if (latest.lastUpdate === "InProgress")
    throw lambdaError(
      "ResourceConflictException",
      `The operation cannot be performed at this time. An update is in progress for resource: ${arn}`,
    );
  refuseOtherRevision(latest, revisionId);
}

/** For what only an Active function can do. Assumed: Failed is told in the words of Pending. */
export function notActive(state: string): string {
  return `The operation cannot be performed at this time. The function is currently in the following state: ${state}`;
}

/** Refuses the change of a version or an alias that is not the one that the caller saw. */
export function refuseOtherRevision(current: { readonly revisionId: string }, revisionId: string | undefined): void {
  // AWS: recorded on AWS.
  if (revisionId !== undefined && revisionId !== current.revisionId)
    throw lambdaError(
      "PreconditionFailedException",
      "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
    );
}
