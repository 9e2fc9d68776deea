import type { FunctionEventInvokeConfig, PutFunctionEventInvokeConfigRequest } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import {
  changedEventInvokeConfig,
  describeEventInvokeConfig,
  eventInvokeOwner,
  refuseNothing,
} from "../event-invoke-rules.ts";
import type { LambdaParts } from "../lambda-parts.ts";

/** In force at once, also for events that are queued. */
export function putFunctionEventInvokeConfig(
  parts: LambdaParts,
  input: PutFunctionEventInvokeConfigRequest,
  call: CallContext,
): FunctionEventInvokeConfig {
  refuseNothing(input);
  const owner = eventInvokeOwner(parts, call.region, required(input.FunctionName, "FunctionName"), input.Qualifier);
  const config = changedEventInvokeConfig(parts, owner.fn, undefined, input, parts.ports.clock.now());
  parts.eventConfigs.set(owner.fn, owner.qualifier, config);
  return describeEventInvokeConfig(owner, config);
}
