import type * as sdk from "@aws-sdk/client-lambda";
import { AwsError, errorsOf } from "../../protocols/errors.ts";

export const lambdaError = errorsOf<typeof sdk>();

export function invalidParameter(message: string): AwsError {
  return lambdaError("InvalidParameterValueException", message);
}

/** AWS answers this code though the service's model does not have it (AWS docs, Lambda quotas). */
export function requestEntityTooLarge(message: string): AwsError {
  return new AwsError("RequestEntityTooLargeException", message, { statusCode: 413 });
}

/** What anything thrown says. */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** For what was asked before the world ended, and comes to its turn after that. */
export function worldIsGone(): AwsError {
  return lambdaError("ServiceException", "The world of this function was closed or reset.");
}
