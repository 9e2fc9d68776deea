import type { GetCodeSigningConfigRequest, GetCodeSigningConfigResponse } from "@aws-sdk/client-lambda";
import { required } from "../../required-member.ts";
import { lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";

/** There is none: code is not signed here. */
export function getCodeSigningConfig(
  _parts: LambdaParts,
  input: GetCodeSigningConfigRequest,
): GetCodeSigningConfigResponse {
  const arn = required(input.CodeSigningConfigArn, "CodeSigningConfigArn");
  // Assumed: the text, on which other emulators agree.
  throw lambdaError("ResourceNotFoundException", `The Lambda code signing configuration ${arn} can not be found.`);
}
