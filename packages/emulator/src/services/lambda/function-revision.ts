import { lambdaError } from "./lambda-error.ts";
import type { AwsError } from "../../protocols/errors.ts";
import type { FunctionVersion, LambdaFunction } from "./state/function-store.ts";

/** Refuses a change of a function that is being made or changed, or that is not the one that the caller saw. */
export function refuseChange({ arn, latest }: LambdaFunction, revisionId: string | undefined): void {
  // AWS: the text (AWS users' reports).
  // AWS: what is Inactive can be updated (AWS blog, states of Lambda functions).
  if (latest.state !== "Active" && latest.state !== "Inactive")
    throw lambdaError("ResourceConflictException", notActive(latest.state));
  // AWS: recorded on AWS.
  if (latest.lastUpdate === "InProgress")
    throw lambdaError(
      "ResourceConflictException",
      `The operation cannot be performed at this time. An update is in progress for resource: ${arn}`,
    );
  refuseOtherRevision(latest, revisionId);
}

/** For what only an Active function can do. Assumed: Failed is told in the words of Pending. */
function notActive(state: FunctionVersion["state"]): string {
  const told = state === "Restoring" ? "Pending" : state;
  return `The operation cannot be performed at this time. The function is currently in the following state: ${told}`;
}

/** The error that an invocation gets of a version that is not Active. */
export function notInvocable({ state, code, failure = "" }: FunctionVersion): AwsError {
  if (code.image !== undefined) {
    // Assumed: the text.
    if (state === "Failed") return lambdaError("CodeArtifactUserFailedException", failure);
    // AWS: the code and the text (AWS docs, AWS users' reports).
    const text = "Lambda is initializing your function. It will be ready to invoke shortly.";
    return lambdaError("CodeArtifactUserPendingException", text);
  }
  // AWS: the text (AWS docs, the exception's description).
  if (state === "Inactive" || state === "Restoring")
    return lambdaError(
      "ResourceNotReadyException",
      "The function is inactive and its VPC connection is no longer available. Wait for the VPC connection to reestablish and try again.",
    );
  // AWS: the text (AWS users' reports).
  return lambdaError("ResourceConflictException", notActive(state));
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
