import type { AwsError } from "../../../protocols/errors.ts";
import { resolveFunction } from "../function-address.ts";
import type { FunctionTarget } from "../function-address.ts";
import { notInvocable } from "../function-revision.ts";
import { findVersion, routedVersion } from "../function-versions.ts";
import type { Deployments } from "../deployments.ts";
import { textOf } from "../lambda-error.ts";
import type { LambdaPorts } from "../ports.ts";
import type { FunctionStore, FunctionVersion, LambdaFunction } from "../state/function-store.ts";
import { Concurrency } from "./concurrency.ts";
import type { ThrottleReason } from "./concurrency.ts";
import { describeErrorDocument } from "./error-document.ts";
import type { InvocationLog } from "./invocation-log.ts";
import { countInvocation, longestLoop } from "./lineage.ts";
import type { FunctionErrorKind, FunctionPool, PoolOutcome, ResponseHead, ResponseSink } from "./ports.ts";
import { traceOf } from "./trace.ts";

export interface InvokeRequest {
  readonly region: string;
  /** A name, a partial ARN or an ARN, with or without a qualifier. */
  readonly functionName: string;
  readonly qualifier?: string | undefined;
  /** JSON. */
  readonly payload: Uint8Array;
  /** Who invokes, for those who wait for idle: `Invoke` or a mapping. */
  readonly source: string;
  /** The function's `awsRequestId`; a new one when left out. */
  readonly requestId?: string | undefined;
  /** JSON text. */
  readonly clientContext?: string | undefined;
  /** The caller's `X-Amzn-Trace-Id`; a new trace when left out. */
  readonly traceId?: string | undefined;
  /** Takes the response while the function makes it; the result then has none of it. */
  readonly onResponse?: ((head: ResponseHead, about: InvokedAbout) => ResponseSink | undefined) | undefined;
  /** When aborted, the caller no longer waits (`serviceError`); the function runs on, as on AWS. */
  readonly signal?: AbortSignal | undefined;
}

export type InvokeResult =
  | (Invoked & { readonly kind: "success" })
  | (Invoked & { readonly kind: "functionError"; readonly error: FunctionErrorKind })
  | NotInvoked;

export type NotInvoked = { readonly kind: "notInvoked"; readonly message: string } & (
  | { readonly reason: "functionMissing" | "denied" | "serviceError" }
  /** It is not Active: still being made, or idle for so long that it has to be made anew, or it could not be. */
  | { readonly reason: "notActive"; readonly error: AwsError }
  | { readonly reason: "recursion"; readonly requestId: string; readonly executedVersion: string }
  | { readonly reason: "throttled"; readonly limit: ThrottleReason }
);

/** What is known of an invocation before its response. */
export interface InvokedAbout {
  readonly executedVersion: string;
  /** The value of `X-Amzn-Trace-Id` that it goes by. */
  readonly traceId: string;
}

interface Invoked extends InvokedAbout {
  readonly requestId: string;
  /** The bytes as the function posted them, or the platform's error document. */
  readonly payload: Uint8Array;
  /** As the function named it. */
  readonly contentType: string;
  /** The last 4 KB of what this invocation logged. */
  readonly logTail: string;
  /** Host time, milliseconds. */
  readonly durationMs: number;
}

export type InvokeFunction = (request: InvokeRequest) => Promise<InvokeResult>;

interface InvokerParts {
  readonly ports: LambdaPorts;
  readonly functions: FunctionStore;
  readonly deployments: Deployments;
  readonly invocations: InvocationLog;
}

/** The one way to invoke a function: for Invoke, and for whatever in this world sends events to functions. */
export function createInvoker({ ports, functions, deployments, invocations }: InvokerParts): InvokeFunction {
  const concurrency = new Concurrency(functions, deployments);
  /** By function: one costs as much as the rest of a lineage. */
  const hashes = new WeakMap<LambdaFunction, string>();

  return async (request) => {
    if (request.signal?.aborted) return notInvoked("serviceError", "The caller went away before the invocation.");
    const resolution = resolveFunction(functions, request.region, request.functionName, request.qualifier, "$LATEST");
    if (resolution.kind !== "found") {
      const reason = resolution.kind === "denied" ? "denied" : "functionMissing";
      return notInvoked(reason, resolution.error.message);
    }
    const { fn, qualifier } = resolution;
    const version = versionOf(resolution);
    const following = deployments.follow(fn, version);
    if (following !== undefined) {
      try {
        await following;
      } catch (error) {
        // As if no environment could start: the disk may have room for the code the next time.
        return notInvoked("serviceError", textOf(error));
      }
    }
    const pool = deployments.poolForInvocation(fn, version);
    if (pool === undefined) {
      const error = notInvocable(version);
      return { kind: "notInvoked", reason: "notActive", message: error.message, error };
    }
    const lineage = countInvocation(request.traceId, knownHash(fn));
    if (lineage.invocations >= longestLoop && fn.recursiveLoop === "Terminate")
      return loopStopped(request.requestId ?? ports.ids.uuid(), version.version);
    const admission = concurrency.take(fn, version);
    // AWS: recorded on AWS.
    if ("limit" in admission)
      return { kind: "notInvoked", reason: "throttled", message: "Rate Exceeded.", limit: admission.limit };
    const arn = qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`;
    const ended = run(fn, arn, version, pool, { ...request, traceId: lineage.header }).finally(admission.release);
    return request.signal === undefined ? ended : unlessAborted(ended, request.signal);
  };

  function knownHash(fn: LambdaFunction): string {
    const known = hashes.get(fn);
    if (known !== undefined) return known;
    const hash = hashOf(fn);
    hashes.set(fn, hash);
    return hash;
  }

  function versionOf({ fn, alias, version }: FunctionTarget): FunctionVersion {
    if (alias?.routing === undefined) return version;
    return findVersion(fn, routedVersion(alias, ports.ids.fraction())) ?? version;
  }

  async function run(
    fn: LambdaFunction,
    invokedFunctionArn: string,
    { version: executedVersion, settings }: FunctionVersion,
    pool: FunctionPool,
    request: InvokeRequest,
  ): Promise<InvokeResult> {
    const token = ports.activity.begin(`invocation of ${fn.name} by ${request.source}`);
    const { requestId = ports.ids.uuid(), onResponse } = request;
    ports.record({ type: "function.invoked", functionName: fn.name, requestId });
    const { payload, source } = request;
    const about = { executedVersion, traceId: traceOf(request.traceId, settings.tracingMode, ports) };
    const ended = invocations.begin(fn, { requestId, at: ports.clock.now(), source, executedVersion, payload });
    try {
      const outcome = await pool.invoke({
        requestId,
        invokedFunctionArn,
        payload: request.payload,
        clientContext: request.clientContext,
        traceId: about.traceId,
        onResponse: onResponse && ((head) => onResponse(head, about)),
      });
      ended({ response: outcome.kind === "failed" ? noBytes : outcome.payload, error: errorText(outcome) });
      recordReturn(fn, requestId, outcome);
      if (outcome.kind === "failed") return notInvoked("serviceError", outcome.message);
      return { ...outcome, ...about, requestId };
    } finally {
      // The caller's continuations run first: what they start is counted before this ends.
      ports.host.setImmediate(() => token.release());
    }
  }

  function recordReturn(fn: LambdaFunction, requestId: string, outcome: PoolOutcome): void {
    const error = errorText(outcome);
    const durationMs = outcome.kind === "failed" ? 0 : outcome.durationMs;
    ports.record({
      type: "function.returned",
      functionName: fn.name,
      requestId,
      durationMs,
      ...(error === undefined ? {} : { error }),
    });
  }
}

// AWS: the text (AWS docs, the exception's description).
const loopMessage =
  "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources and stopped your function's invocation.";

function loopStopped(requestId: string, executedVersion: string): NotInvoked {
  return { kind: "notInvoked", reason: "recursion", message: loopMessage, requestId, executedVersion };
}

/** What a function is in a lineage. */
export function hashOf({ arn }: LambdaFunction): string {
  return process.getBuiltinModule("node:crypto").hash("sha256", arn).slice(0, 8);
}

const noBytes = new Uint8Array();

function notInvoked(
  reason: Exclude<NotInvoked["reason"], "notActive" | "throttled" | "recursion">,
  message: string,
): NotInvoked {
  return { kind: "notInvoked", reason, message };
}

function unlessAborted(ended: Promise<InvokeResult>, signal: AbortSignal): Promise<InvokeResult> {
  return new Promise((resolve, reject) => {
    const onAbort = () => resolve(notInvoked("serviceError", "The caller went away during the invocation."));
    signal.addEventListener("abort", onAbort, { once: true });
    ended.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** `errorType: errorMessage` of what went wrong. */
function errorText(outcome: PoolOutcome): string | undefined {
  if (outcome.kind === "success") return undefined;
  if (outcome.kind === "failed") return outcome.message;
  return describeErrorDocument(outcome.payload) ?? outcome.error;
}
