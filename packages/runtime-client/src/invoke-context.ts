/// <reference types="node" preserve="true" />
import type { IncomingHttpHeaders } from "node:http";
import { platformError } from "./errors.ts";

/** What the context object tells about the function; on Lambda it comes from environment variables. */
export interface FunctionIdentity {
  readonly functionName: string;
  readonly functionVersion: string;
  /** Megabytes as text, as on Lambda. */
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** The `context` argument of a handler. */
export interface InvokeContext extends FunctionIdentity {
  readonly clientContext: unknown;
  readonly identity: unknown;
  readonly invokedFunctionArn: string;
  readonly awsRequestId: string;
  readonly tenantId: string | undefined;
  readonly xRayTraceId: string | undefined;
  /** Milliseconds of real time until the function's timeout. */
  getRemainingTimeInMillis(): number;
}

// Taken at load: a test in whose process the handler runs may replace the clock.
const { now } = Date;

const VARIABLES = {
  functionName: "AWS_LAMBDA_FUNCTION_NAME",
  functionVersion: "AWS_LAMBDA_FUNCTION_VERSION",
  memoryLimitInMB: "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  logGroupName: "AWS_LAMBDA_LOG_GROUP_NAME",
  logStreamName: "AWS_LAMBDA_LOG_STREAM_NAME",
} as const;

export function identityFromEnvironment(environment: NodeJS.ProcessEnv): FunctionIdentity {
  const missing = Object.values(VARIABLES).filter((name) => !environment[name]);
  if (missing.length > 0) {
    throw platformError(`Missing required environment variables: ${missing.join(", ")}`);
  }
  const read = (name: keyof typeof VARIABLES): string => environment[VARIABLES[name]] ?? "";
  return {
    functionName: read("functionName"),
    functionVersion: read("functionVersion"),
    memoryLimitInMB: read("memoryLimitInMB"),
    logGroupName: read("logGroupName"),
    logStreamName: read("logStreamName"),
  };
}

/** AWS: what was wrong with a header is the error of the invocation (aws-lambda-ric 3). */
export function callbackContext(headers: IncomingHttpHeaders, identity: FunctionIdentity): object {
  const { functionVersion, functionName, memoryLimitInMB, logGroupName, logStreamName } = identity;
  const deadline = Number(headerText(headers, "lambda-runtime-deadline-ms"));
  return {
    functionVersion,
    functionName,
    memoryLimitInMB,
    logGroupName,
    logStreamName,
    clientContext: parsed(
      headers,
      "lambda-runtime-client-context",
      (why) => new Error(`Cannot parse ClientContext as json: ${String(why)}`),
    ),
    identity: parsed(
      headers,
      "lambda-runtime-cognito-identity",
      (why) => new Error(`Cannot parse CognitoIdentity as json: ${String(why)}`),
    ),
    invokedFunctionArn: headerText(headers, "lambda-runtime-invoked-function-arn"),
    awsRequestId: headerText(headers, "lambda-runtime-aws-request-id"),
    tenantId: headerText(headers, "lambda-runtime-aws-tenant-id"),
    getRemainingTimeInMillis: () => deadline - now(),
  };
}

export function buildContext(headers: IncomingHttpHeaders, identity: FunctionIdentity): InvokeContext {
  const deadline = Number.parseInt(required(headers, "lambda-runtime-deadline-ms"), 10);
  if (Number.isNaN(deadline)) {
    throw platformError("Invalid deadline timestamp");
  }
  return {
    clientContext: parsed(headers, "lambda-runtime-client-context", unparsable("lambda-runtime-client-context")),
    identity: parsed(headers, "lambda-runtime-cognito-identity", unparsable("lambda-runtime-cognito-identity")),
    invokedFunctionArn: required(headers, "lambda-runtime-invoked-function-arn"),
    awsRequestId: required(headers, "lambda-runtime-aws-request-id"),
    tenantId: headerText(headers, "lambda-runtime-aws-tenant-id"),
    xRayTraceId: headerText(headers, "lambda-runtime-trace-id"),
    getRemainingTimeInMillis: () => deadline - now(),
    ...identity,
  };
}

function required(headers: IncomingHttpHeaders, name: string): string {
  const value = headerText(headers, name);
  if (value === undefined) {
    throw platformError(`Missing required headers: ${name}`);
  }
  return value;
}

export function headerText(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}

function parsed(headers: IncomingHttpHeaders, name: string, failure: (why: unknown) => Error): unknown {
  const value = headerText(headers, name);
  if (value === undefined || value === "") {
    return undefined;
  }
  try {
    // Header values arrive as latin1; the text is UTF-8.
    const json: unknown = JSON.parse(Buffer.from(value, "latin1").toString("utf8"));
    return json;
  } catch (error) {
    throw failure(error);
  }
}

function unparsable(name: string): (why: unknown) => Error {
  return (why) => platformError(`Failed to parse ${name} as JSON: ${why instanceof Error ? why.message : String(why)}`);
}
