import type { ListCodeSigningConfigsResponse } from "@aws-sdk/client-lambda";

/** There are none: code is not signed here. */
export function listCodeSigningConfigs(): ListCodeSigningConfigsResponse {
  return { CodeSigningConfigs: [] };
}
