import type { InvocationRequest, InvocationType } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { LambdaEvent } from "../asynchronous/event-queue.ts";
import { existingTarget } from "../function-address.ts";
import { notInvocable } from "../function-revision.ts";
import type { LambdaParts } from "../lambda-parts.ts";
import { eventOf } from "./invoke-payload.ts";
import { refuseKinds } from "./refusals.ts";

export interface AcceptedInvocation {
  readonly type: InvocationType;
  readonly event: LambdaEvent;
}

/** What a call asks a function to do, whether it waits for all of the answer or not. Throws AWS's errors for what is refused. */
export function acceptInvocation(
  { functions, deployments }: LambdaParts,
  input: Omit<InvocationRequest, "LogType" | "ClientContext">,
  source: string,
  call: CallContext,
): AcceptedInvocation {
  const type = input.InvocationType ?? "RequestResponse";
  const payload = eventOf(input.Payload, type);
  refuseKinds(input);
  const functionName = required(input.FunctionName, "FunctionName");
  const target = existingTarget(functions, call.region, functionName, input.Qualifier, "$LATEST");
  const { fn, qualifier, version } = target;
  // AWS: what is not Active cannot be invoked (AWS docs, function states). Assumed: an event is refused like the others.
  if (type === "Event" && deployments.poolForInvocation(fn, version) === undefined) throw notInvocable(version);
  return {
    type,
    event: {
      region: call.region,
      functionName: fn.name,
      qualifier,
      payload,
      source,
      // AWS: the reply's request id is the function's (recorded on AWS).
      requestId: call.requestId,
      traceId: call.trace?.given,
    },
  };
}
