import type {
  InvokeWithResponseStreamCompleteEvent,
  InvokeWithResponseStreamRequest,
  InvokeWithResponseStreamResponse,
  InvokeWithResponseStreamResponseEvent,
} from "@aws-sdk/client-lambda";
import { giveBack } from "../../../core/give-back.ts";
import type { CallContext } from "../../../protocols/operations.ts";
import { acceptInvocation } from "../invoke/accept-invocation.ts";
import type { InvokeResult } from "../invoke/invoke-function.ts";
import { clientContextOf } from "../invoke/invoke-payload.ts";
import { problemOf } from "../invoke/refusals.ts";
import { streamInvocation } from "../invoke/stream-invocation.ts";
import type { StreamedInvocation } from "../invoke/stream-invocation.ts";
import type { LambdaParts } from "../lambda-parts.ts";

/** Answers with the first byte of the response. What fails before that is an error; a function's error ends the stream. */
export async function invokeWithResponseStream(
  parts: LambdaParts,
  input: InvokeWithResponseStreamRequest,
  call: CallContext,
): Promise<InvokeWithResponseStreamResponse> {
  const { type, event } = acceptInvocation(parts, input, "InvokeWithResponseStream", call);
  if (type === "DryRun") return { StatusCode: 204 };
  const clientContext = clientContextOf(input.ClientContext);
  const invocation = await streamInvocation(parts.streams, { ...event, clientContext, signal: call.signal });
  const begun = invocation.kind === "whole" ? invocation.result : invocation;
  if (begun.kind === "notInvoked") throw problemOf(begun);
  if (call.trace !== undefined) call.trace.told = begun.traceId;
  return {
    StatusCode: 200,
    ExecutedVersion: begun.executedVersion,
    EventStream: eventsOf(invocation, input.LogType === "Tail"),
  };
}

async function* eventsOf(
  invocation: StreamedInvocation,
  withLog: boolean,
): AsyncGenerator<InvokeWithResponseStreamResponseEvent> {
  if (invocation.kind === "whole") {
    const { result } = invocation;
    // Assumed: an empty response has no chunk.
    if (result.kind === "success" && result.payload.byteLength > 0) yield chunk(result.payload);
    yield { InvokeComplete: completion(result, withLog) };
    return;
  }
  try {
    for (let bytes = await invocation.read(); bytes !== undefined; bytes = await invocation.read()) {
      yield chunk(bytes);
      // Its frame has a copy.
      giveBack(bytes);
    }
  } finally {
    invocation.leave();
  }
  yield { InvokeComplete: completion(await invocation.ended, withLog) };
}

function chunk(Payload: Uint8Array): InvokeWithResponseStreamResponseEvent {
  return { PayloadChunk: { Payload } };
}

function completion(result: InvokeResult, withLog: boolean): InvokeWithResponseStreamCompleteEvent {
  // The stream breaks off, as with an error of the service itself.
  if (result.kind === "notInvoked") throw problemOf(result);
  const LogResult = withLog ? Buffer.from(result.logTail).toString("base64") : undefined;
  if (result.kind === "success") return { LogResult };
  // AWS: the code of Invoke (what client libraries look for). Assumed: the details are the error's document.
  return { ErrorCode: "Unhandled", ErrorDetails: Buffer.from(result.payload).toString(), LogResult };
}
