import type { SnapStartApplyOn } from "@aws-sdk/client-lambda";
import type { AwsError } from "../../protocols/errors.ts";
import { validationException } from "../../protocols/errors.ts";
import type { Executors } from "./invoke/executor-of.ts";
import { invalidParameter } from "./lambda-error.ts";
import { runtimeProblem } from "./runtimes.ts";
import type { SettingsInput } from "./settings.ts";

// AWS: limits that the service's model does not have (AWS docs, Lambda quotas).
const maxTimeoutSeconds = 900;
const maxMemoryMb = 10_240;
const maxEnvironmentBytes = 4096;

// AWS: variables that the runtime sets and a function cannot (AWS docs, Lambda environment variables).
const reservedVariables = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SECRET_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
]);

/** Refuses settings that AWS refuses and the model cannot say, and those that cannot be had here. */
export function refuseSettings(input: Partial<SettingsInput>, executors: Executors): void {
  const problem =
    (input.Runtime === undefined ? undefined : runtimeProblem(input.Runtime, executors)) ??
    aboveLimit("timeout", input.Timeout, maxTimeoutSeconds) ??
    aboveLimit("memorySize", input.MemorySize, maxMemoryMb) ??
    environmentProblem(input.Environment?.Variables) ??
    notOffered(input);
  if (problem !== undefined) throw problem;
}

// AWS: runtimes of which a snapshot can be taken (AWS docs, SnapStart).
const snapStartRuntimes = /^(?:java(?:11|17|21|25)|python3\.1[2-9]|dotnet(?:8|10))$/;

/** Refuses snapshots of what AWS takes none of; an image has no runtime. */
export function refuseSnapStart(runtime: string | undefined, applyOn: SnapStartApplyOn | undefined): void {
  if (applyOn !== "PublishedVersions" || snapStartRuntimes.test(runtime ?? "")) return;
  // AWS: the text (AWS users' reports). Assumed: that of images.
  throw invalidParameter(`${runtime ?? "ContainerImage"} is not supported for SnapStart enabled functions.`);
}

export function refusePublishTo(input: { readonly PublishTo?: string | undefined }): void {
  if (input.PublishTo !== undefined)
    throw invalidParameter(
      "LocalEmu does not offer capacity providers, whose $LATEST.PUBLISHED this is for (PublishTo).",
    );
}

function aboveLimit(member: string, value: number | undefined, limit: number): AwsError | undefined {
  if (value === undefined || value <= limit) return undefined;
  return validationException(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value less than or equal to ${limit}`,
  );
}

function environmentProblem(variables: Readonly<Record<string, string>> | undefined): AwsError | undefined {
  if (variables === undefined) return undefined;
  const reserved = Object.keys(variables).filter((name) => reservedVariables.has(name));
  const start = "Lambda was unable to configure your environment variables because the environment variables you have";
  // AWS: the text (AWS users' reports).
  if (reserved.length > 0)
    return invalidParameter(
      `${start} provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  const measured = JSON.stringify(variables);
  // AWS: recorded on AWS.
  if (Buffer.byteLength(measured) > maxEnvironmentBytes)
    return invalidParameter(`${start} provided exceeded the 4KB limit. String measured: ${measured}`);
  return undefined;
}

/** What would be accepted without an effect that somebody counts on is refused in plain words. */
function notOffered(input: Partial<SettingsInput>): AwsError | undefined {
  const asked = [
    input.FileSystemConfigs !== undefined && input.FileSystemConfigs.length > 0 && "file systems (FileSystemConfigs)",
    input.DurableConfig !== undefined && "durable executions (DurableConfig)",
    input.CapacityProviderConfig !== undefined && "capacity providers (CapacityProviderConfig)",
  ].find((feature) => feature !== false);
  return asked === undefined ? undefined : invalidParameter(`LocalEmu does not offer ${asked}.`);
}
