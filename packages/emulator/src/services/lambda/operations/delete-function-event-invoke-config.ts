import type { DeleteFunctionEventInvokeConfigRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingEventInvokeConfig } from "../event-invoke-rules.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export function deleteFunctionEventInvokeConfig(
  parts: LambdaParts,
  input: DeleteFunctionEventInvokeConfigRequest,
  call: CallContext,
): void {
  const address = required(input.FunctionName, "FunctionName");
  const { fn, qualifier } = existingEventInvokeConfig(parts, call.region, address, input.Qualifier);
  parts.eventConfigs.delete(fn, qualifier);
}
