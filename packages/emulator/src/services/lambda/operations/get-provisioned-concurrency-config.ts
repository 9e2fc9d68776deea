import type {
  GetProvisionedConcurrencyConfigRequest,
  GetProvisionedConcurrencyConfigResponse,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { describeProvisioned, mustBePublished, provisionedOwner } from "../provisioned-rules.ts";

export function getProvisionedConcurrencyConfig(
  parts: LambdaParts,
  input: GetProvisionedConcurrencyConfigRequest,
  call: CallContext,
): GetProvisionedConcurrencyConfigResponse {
  const address = required(input.FunctionName, "FunctionName");
  const wanted = required(input.Qualifier, "Qualifier");
  const { fn, qualifier } = provisionedOwner(parts, call.region, address, wanted, mustBePublished);
  const config = parts.provisioned.get(fn, qualifier);
  // AWS: recorded on AWS.
  if (config === undefined)
    throw lambdaError(
      "ProvisionedConcurrencyConfigNotFoundException",
      "No Provisioned Concurrency Config found for this function",
    );
  return describeProvisioned(parts, { fn, qualifier }, config);
}
