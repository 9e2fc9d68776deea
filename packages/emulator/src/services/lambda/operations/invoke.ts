import type { InvocationRequest, InvocationResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../../required-member.ts";
import { existingTarget } from "../function-address.ts";
import { describeErrorDocument } from "../invoke/error-document.ts";
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
  const { fn, qualifier } = existingTarget(parts.functions, call.region, functionName, input.Qualifier, "$LATEST");
  if (type === "DryRun") return { StatusCode: 204 };
  const request: InvokeRequest = {
    region: call.region,
    functionName: fn.name,
    qualifier,
    payload,
    source: "Invoke",
    // AWS: the reply's request id is the function's (recorded on AWS).
    requestId: call.requestId,
    clientContext: clientContextOf(input.ClientContext),
    traceId: call.trace?.given,
  };
  if (type === "Event") return invokeLater(parts, request, fn.name, call.requestId);
  return answerOf(await parts.invokeFunction(request), input.LogType === "Tail", call);
}

function invokeLater(
  { ports, invokeFunction, tasks }: LambdaParts,
  request: InvokeRequest,
  functionName: string,
  requestId: string,
): InvocationResponse {
  const token = ports.activity.begin(`event of ${functionName}`);
  tasks.spawn(`asynchronous invocation of ${functionName}`, async () => {
    try {
      const result = await invokeFunction(request);
      if (result.kind === "success") return;
      const error =
        result.kind === "notInvoked" ? result.message : (describeErrorDocument(result.payload) ?? result.error);
      ports.record({ type: "function.eventDropped", functionName, requestId, error });
    } finally {
      token.release();
    }
  });
  return { StatusCode: 202 };
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
