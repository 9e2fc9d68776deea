import type { ActionError } from "localemu:dynalite";
import { AwsError, awsError, validationException } from "../../protocols/errors.ts";

/** What an action failed with, as a caller sees it; anything but an answer of AWS's is a bug, and stays what it is. */
export function asAwsError(error: unknown): unknown {
  if (!isActionError(error) || error.body === undefined) return error;
  const { __type: type, message, Message } = error.body;
  const options = error.statusCode === undefined ? {} : { statusCode: error.statusCode };
  return new AwsError(type.slice(type.indexOf("#") + 1), message ?? Message ?? "", options);
}

function isActionError(error: unknown): error is ActionError {
  return error instanceof Error && "body" in error;
}

export function notImplemented(what: string): AwsError {
  return new AwsError("NotImplementedException", `not implemented by LocalEmu: ${what}`, { statusCode: 501 });
}

/** AWS: the text (AWS docs). */
export function transactionCanceled(reasons: readonly CancellationReason[]): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(", ");
  return awsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  );
}

export interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: object;
}

export function invalid(message: string): AwsError {
  return validationException(message);
}

/** Assumed: the text. */
export function streamNotFound(arn: string): AwsError {
  return awsError("ResourceNotFoundException", `Requested resource not found: Stream: ${arn} not found`);
}
