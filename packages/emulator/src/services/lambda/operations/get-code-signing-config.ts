import type { GetCodeSigningConfigRequest, GetCodeSigningConfigResponse } from "@aws-sdk/client-lambda";
import { required } from "../../required-member.ts";
import { codeSigningConfigNotFound } from "../code-signing.ts";
import type { LambdaParts } from "../lambda-parts.ts";

/** There is none: code is not signed here. */
export function getCodeSigningConfig(
  _parts: LambdaParts,
  input: GetCodeSigningConfigRequest,
): GetCodeSigningConfigResponse {
  throw codeSigningConfigNotFound(required(input.CodeSigningConfigArn, "CodeSigningConfigArn"));
}
