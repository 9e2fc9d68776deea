import type { FunctionEventInvokeConfig, GetFunctionEventInvokeConfigRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { describeEventInvokeConfig, existingEventInvokeConfig } from "../event-invoke-rules.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export function getFunctionEventInvokeConfig(
  parts: LambdaParts,
  input: GetFunctionEventInvokeConfigRequest,
  call: CallContext,
): FunctionEventInvokeConfig {
  const address = required(input.FunctionName, "FunctionName");
  const { config, ...owner } = existingEventInvokeConfig(parts, call.region, address, input.Qualifier);
  return describeEventInvokeConfig(owner, config);
}
