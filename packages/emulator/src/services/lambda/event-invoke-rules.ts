import type { DestinationConfig, FunctionEventInvokeConfig } from "@aws-sdk/client-lambda";
import { functionArn, parseArn, regionOf } from "../../core/arns.ts";
import type { AwsError } from "../../protocols/errors.ts";
import { existingFunction, parseFunctionAddress } from "./function-address.ts";
import { findVersion } from "./function-versions.ts";
import { invalidParameter, lambdaError } from "./lambda-error.ts";
import type { LambdaParts } from "./lambda-parts.ts";
import type { EventInvokeConfig } from "./state/event-invoke-config.ts";
import type { LambdaFunction } from "./state/function-store.ts";

/** What PutFunctionEventInvokeConfig and UpdateFunctionEventInvokeConfig set. */
export interface EventInvokeInput {
  readonly MaximumRetryAttempts?: number | undefined;
  readonly MaximumEventAgeInSeconds?: number | undefined;
  readonly DestinationConfig?: DestinationConfig | undefined;
}

/** The qualifier of a function that has, or is to have, a configuration. */
export interface EventInvokeOwner {
  readonly fn: LambdaFunction;
  readonly qualifier: string;
}

/** AWS: recorded on AWS. */
export function refuseNothing(input: EventInvokeInput): void {
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds, DestinationConfig: destinations } = input;
  if (MaximumRetryAttempts === undefined && MaximumEventAgeInSeconds === undefined && destinations === undefined)
    throw invalidParameter("You must specify at least one of error handling or destination setting.");
}

/** The owner of a configuration that is set, or AWS's error: also where the function has no such version or alias. */
export function eventInvokeOwner(
  { functions }: Pick<LambdaParts, "functions">,
  region: string,
  address: string,
  separateQualifier: string | undefined,
): EventInvokeOwner {
  // AWS: recorded on AWS.
  const notFound = lambdaError("ResourceNotFoundException", "The function doesn't exist.");
  const { fn, qualifier = "$LATEST" } = existingFunction(functions, region, address, { separateQualifier, notFound });
  if (!fn.aliases.has(qualifier) && findVersion(fn, qualifier) === undefined) throw notFound;
  return { fn, qualifier };
}

/** The configuration of an address with whose it is, or AWS's error. */
export function existingEventInvokeConfig(
  { functions, eventConfigs }: Pick<LambdaParts, "functions" | "eventConfigs">,
  region: string,
  address: string,
  separateQualifier: string | undefined,
): EventInvokeOwner & { readonly config: EventInvokeConfig } {
  const name = parseFunctionAddress(address);
  const missing = noConfig(region, name?.name ?? address, separateQualifier ?? name?.qualifier);
  const { fn, qualifier = "$LATEST" } = existingFunction(functions, region, address, {
    separateQualifier,
    notFound: missing,
  });
  const config = eventConfigs.get(fn, qualifier);
  if (config === undefined) throw missing;
  return { fn, qualifier, config };
}

/** `before` with every member that `input` has, or AWS's error. */
export function changedEventInvokeConfig(
  { functions }: Pick<LambdaParts, "functions">,
  fn: LambdaFunction,
  before: EventInvokeConfig | undefined,
  input: EventInvokeInput,
  now: number,
): EventInvokeConfig {
  const { DestinationConfig: destinations } = input;
  const onSuccess = destinations?.OnSuccess?.Destination;
  const onFailure = destinations?.OnFailure?.Destination;
  refuseDestinations(functions, fn, onSuccess, onFailure);
  return {
    maxRetryAttempts: input.MaximumRetryAttempts ?? before?.maxRetryAttempts,
    maxAgeSeconds: input.MaximumEventAgeInSeconds ?? before?.maxAgeSeconds,
    // Assumed: an update with a DestinationConfig replaces both.
    onSuccess: destinations === undefined ? before?.onSuccess : emptyAsNone(onSuccess),
    onFailure: destinations === undefined ? before?.onFailure : emptyAsNone(onFailure),
    lastModified: now,
  };
}

// AWS: both destinations always, the numbers where they were given; the ARN is qualified (recorded on AWS).
export function describeEventInvokeConfig(
  { fn, qualifier }: EventInvokeOwner,
  config: EventInvokeConfig,
): FunctionEventInvokeConfig {
  const { maxRetryAttempts, maxAgeSeconds, onSuccess, onFailure, lastModified } = config;
  return {
    LastModified: new Date(lastModified),
    FunctionArn: `${fn.arn}:${qualifier}`,
    MaximumRetryAttempts: maxRetryAttempts,
    MaximumEventAgeInSeconds: maxAgeSeconds,
    DestinationConfig: { OnSuccess: { Destination: onSuccess }, OnFailure: { Destination: onFailure } },
  };
}

function noConfig(region: string, name: string, qualifier = "$LATEST"): AwsError {
  const arn = `${functionArn(region, name)}:${qualifier}`;
  // AWS: recorded on AWS.
  return lambdaError("ResourceNotFoundException", `The function ${arn} doesn't have an EventInvokeConfig`);
}

function refuseDestinations(
  functions: LambdaParts["functions"],
  fn: LambdaFunction,
  onSuccess: string | undefined,
  onFailure: string | undefined,
): void {
  for (const destination of [onSuccess, onFailure]) {
    if (destination === undefined || destination === "") continue;
    const arn = parseArn(destination);
    if (arn?.service === "events")
      throw invalidParameter(`LocalEmu does not offer event buses as destinations (${destination}).`);
    if (arn?.service === "lambda") refuseFunction(functions, fn, destination);
  }
  // AWS: buckets are told of failures alone (AWS docs).
  const isUsable = isOneOf(onSuccess, ["sqs", "sns", "lambda"]) && isOneOf(onFailure, ["sqs", "sns", "lambda", "s3"]);
  if (isUsable) return;
  const described = (kind: string, arn: string | undefined) =>
    arn === undefined || arn === "" ? "null" : `${kind}(destination=${arn})`;
  // Assumed: the text, on which other emulators agree.
  throw invalidParameter(
    `The provided destination config DestinationConfig(onSuccess=${described("OnSuccess", onSuccess)}, onFailure=${described("OnFailure", onFailure)}) is invalid.`,
  );
}

function refuseFunction(functions: LambdaParts["functions"], fn: LambdaFunction, destination: string): void {
  const name = parseFunctionAddress(destination)?.name;
  const target = name === undefined ? undefined : functions.find(regionOf(destination), name);
  // AWS: recorded on AWS, both.
  if (target === undefined) throw invalidParameter(`The destination ARN ${destination} is invalid.`);
  if (target === fn) throw invalidParameter("You can't specify the function as a destination for itself.");
}

function isOneOf(arn: string | undefined, services: readonly string[]): boolean {
  return arn === undefined || arn === "" || services.includes(parseArn(arn)?.service ?? "");
}

function emptyAsNone(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
