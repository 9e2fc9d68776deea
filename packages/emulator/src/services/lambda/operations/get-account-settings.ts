import type { GetAccountSettingsRequest, GetAccountSettingsResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { maxUnzippedBytes } from "../code/unpack-zip.ts";
import { allVersions } from "../function-versions.ts";
import { accountConcurrency, unreservedConcurrency } from "../invoke/concurrency.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export function getAccountSettings(
  { functions }: LambdaParts,
  _input: GetAccountSettingsRequest,
  call: CallContext,
): GetAccountSettingsResponse {
  const all = functions.list(call.region);
  return {
    // AWS: the limits of a new account (AWS docs, Lambda quotas).
    AccountLimit: {
      TotalCodeSize: 80_530_636_800,
      CodeSizeUnzipped: maxUnzippedBytes,
      CodeSizeZipped: 52_428_800,
      ConcurrentExecutions: accountConcurrency,
      UnreservedConcurrentExecutions: unreservedConcurrency(functions, call.region),
    },
    AccountUsage: {
      // AWS docs: each version's code counts, also where versions have the same.
      TotalCodeSize: all.flatMap(allVersions).reduce((sum, { code }) => sum + code.size, 0),
      FunctionCount: all.length,
    },
  };
}
