import type {
  ListProvisionedConcurrencyConfigsRequest,
  ListProvisionedConcurrencyConfigsResponse,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { unqualifiedFunction } from "../function-address.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { pageOf } from "../page.ts";
import { describeProvisioned } from "../provisioned-rules.ts";

export function listProvisionedConcurrencyConfigs(
  parts: LambdaParts,
  input: ListProvisionedConcurrencyConfigsRequest,
  call: CallContext,
): ListProvisionedConcurrencyConfigsResponse {
  const { functions, provisioned } = parts;
  const fn = unqualifiedFunction(functions, call.region, required(input.FunctionName, "FunctionName"));
  // Assumed: the order.
  const { items, nextMarker } = pageOf(provisioned.entries(fn), ([qualifier]) => qualifier, input);
  return {
    ProvisionedConcurrencyConfigs: items.map(([qualifier, config]) => ({
      FunctionArn: `${fn.arn}:${qualifier}`,
      ...describeProvisioned(parts, { fn, qualifier }, config),
    })),
    NextMarker: nextMarker,
  };
}
