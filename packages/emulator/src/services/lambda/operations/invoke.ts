import type { InvocationRequest, InvocationResponse } from "@aws-sdk/client-lambda";
import type { CallContext } from "../../../protocols/operations.ts";
import { acceptInvocation } from "../invoke/accept-invocation.ts";
import type { InvokeResult } from "../invoke/invoke-function.ts";
import { clientContextOf } from "../invoke/invoke-payload.ts";
import { problemOf } from "../invoke/refusals.ts";
import type { LambdaParts } from "../lambda-parts.ts";

export async function invoke(
  parts: LambdaParts,
  input: InvocationRequest,
  call: CallContext,
): Promise<InvocationResponse> {
  const { type, event } = acceptInvocation(parts, input, "Invoke", call);
  if (type === "DryRun") return { StatusCode: 204 };
  if (type === "Event") {
    // AWS: a client context is for those who wait for an answer (AWS docs, Invoke).
    parts.events.add(event);
    return { StatusCode: 202 };
  }
  const result = await parts.invokeFunction({ ...event, clientContext: clientContextOf(input.ClientContext) });
  return answerOf(result, input.LogType === "Tail", call);
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
