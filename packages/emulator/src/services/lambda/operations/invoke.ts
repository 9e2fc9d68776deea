import type { InvocationRequest, InvocationResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import type { LambdaEvent } from "../asynchronous/event-queue.ts";
import { existingTarget } from "../function-address.ts";
import { notActive } from "../function-revision.ts";
import { lambdaError } from "../lambda-error.ts";
import type { InvokeRequest, InvokeResult } from "../invoke/invoke-function.ts";
import { clientContextOf, eventOf } from "../invoke/invoke-payload.ts";
import { problemOf, refuseKinds } from "../invoke/refusals.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export async function invoke(
  parts: LambdaParts,
  input: InvocationRequest,
  call: CallContext,
): Promise<InvocationResponse> {
  const type = input.InvocationType ?? "RequestResponse";
  const payload = eventOf(input.Payload, type);
  refuseKinds(input);
  const functionName = required(input.FunctionName, "FunctionName");
  const target = existingTarget(parts.functions, call.region, functionName, input.Qualifier, "$LATEST");
  const { fn, qualifier, version } = target;
  if (type === "DryRun") return { StatusCode: 204 };
  const event: LambdaEvent = {
    region: call.region,
    functionName: fn.name,
    qualifier,
    payload,
    source: "Invoke",
    // AWS: the reply's request id is the function's (recorded on AWS).
    requestId: call.requestId,
    traceId: call.trace?.given,
  };
  if (type === "Event") {
    // AWS: what is Pending or Failed cannot be invoked (AWS docs, function states). Assumed: an event is refused like the others.
    if (parts.deployments.pool(version) === undefined)
      throw lambdaError("ResourceConflictException", notActive(version.state));
    // AWS: a client context is for those who wait for an answer (AWS docs, Invoke).
    parts.events.add(event);
    return { StatusCode: 202 };
  }
  const request: InvokeRequest = {
    ...event,
    clientContext: clientContextOf(input.ClientContext),
  };
  return answerOf(await parts.invokeFunction(request), input.LogType === "Tail", call);
}

function answerOf(result: InvokeResult, withLog: boolean, { trace }: CallContext): InvocationResponse {
  if (result.kind === "notInvoked") throw problemOf(result);
  if (trace !== undefined) trace.told = result.traceId;
  return {
    StatusCode: 200,
    // AWS: every function error is "Unhandled" (recorded on AWS).
    FunctionError: result.kind === "functionError" ? "Unhandled" : undefined,
    LogResult: withLog ? Buffer.from(result.logTail).toString("base64") : undefined,
    Payload: result.payload,
    ExecutedVersion: result.executedVersion,
  };
}
