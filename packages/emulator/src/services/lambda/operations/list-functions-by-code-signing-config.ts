import type {
  ListFunctionsByCodeSigningConfigRequest,
  ListFunctionsByCodeSigningConfigResponse,
} from "@aws-sdk/client-lambda";
import { required } from "../../required-member.ts";
import { codeSigningConfigNotFound } from "../code-signing.ts";
import type { LambdaParts } from "../lambda-parts.ts";

/** No configuration that could be named exists. Assumed: that AWS says so as it does to GetCodeSigningConfig. */
export function listFunctionsByCodeSigningConfig(
  _parts: LambdaParts,
  input: ListFunctionsByCodeSigningConfigRequest,
): ListFunctionsByCodeSigningConfigResponse {
  throw codeSigningConfigNotFound(required(input.CodeSigningConfigArn, "CodeSigningConfigArn"));
}
