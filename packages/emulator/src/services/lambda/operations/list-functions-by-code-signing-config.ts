import type {
  ListFunctionsByCodeSigningConfigRequest,
  ListFunctionsByCodeSigningConfigResponse,
} from "@aws-sdk/client-lambda";
import type { LambdaParts } from "../lambda-parts.ts";
import { getCodeSigningConfig } from "./get-code-signing-config.ts";

/** No configuration that could be named exists. Assumed: that AWS says so as it does to GetCodeSigningConfig. */
export function listFunctionsByCodeSigningConfig(
  parts: LambdaParts,
  input: ListFunctionsByCodeSigningConfigRequest,
): ListFunctionsByCodeSigningConfigResponse {
  getCodeSigningConfig(parts, input);
  return { FunctionArns: [] };
}
