import type { FunctionEventInvokeConfig, UpdateFunctionEventInvokeConfigRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import {
  changedEventInvokeConfig,
  describeEventInvokeConfig,
  eventInvokeOwner,
  existingEventInvokeConfig,
  refuseNothing,
} from "../event-invoke-rules.ts";
import type { LambdaParts } from "../lambda-parts.ts";

/** Members that the request lacks stay. */
export function updateFunctionEventInvokeConfig(
  parts: LambdaParts,
  input: UpdateFunctionEventInvokeConfigRequest,
  call: CallContext,
): FunctionEventInvokeConfig {
  refuseNothing(input);
  const address = required(input.FunctionName, "FunctionName");
  const owner = eventInvokeOwner(parts, call.region, address, input.Qualifier);
  const { config: before } = existingEventInvokeConfig(parts, call.region, address, input.Qualifier);
  const config = changedEventInvokeConfig(parts, owner.fn, before, input, parts.ports.clock.now());
  parts.eventConfigs.set(owner.fn, owner.qualifier, config);
  return describeEventInvokeConfig(owner, config);
}
