import type { AwsError } from "../../protocols/errors.ts";
import { lambdaError } from "./lambda-error.ts";

/** No code signing configuration exists, whatever its ARN: code is not signed here. */
export function codeSigningConfigNotFound(arn: string): AwsError {
  // Assumed: the text, on which other emulators agree.
  return lambdaError("ResourceNotFoundException", `The Lambda code signing configuration ${arn} can not be found.`);
}
