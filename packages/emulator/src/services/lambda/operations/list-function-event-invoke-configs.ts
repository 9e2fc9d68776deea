import type {
  ListFunctionEventInvokeConfigsRequest,
  ListFunctionEventInvokeConfigsResponse,
} from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { describeEventInvokeConfig } from "../event-invoke-rules.ts";
import { existingFunction } from "../function-address.ts";
import { lambdaError } from "../lambda-error.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { pageOf } from "../page.ts";

export function listFunctionEventInvokeConfigs(
  { functions, eventConfigs }: LambdaParts,
  input: ListFunctionEventInvokeConfigsRequest,
  call: CallContext,
): ListFunctionEventInvokeConfigsResponse {
  const { fn } = existingFunction(functions, call.region, required(input.FunctionName, "FunctionName"), {
    // AWS: recorded on AWS.
    notFound: lambdaError("ResourceNotFoundException", "The function doesn't exist."),
  });
  // Assumed: the order.
  const { items, nextMarker } = pageOf(eventConfigs.entries(fn), ([qualifier]) => qualifier, input);
  return {
    FunctionEventInvokeConfigs: items.map(([qualifier, config]) =>
      describeEventInvokeConfig({ fn, qualifier }, config),
    ),
    NextMarker: nextMarker,
  };
}
