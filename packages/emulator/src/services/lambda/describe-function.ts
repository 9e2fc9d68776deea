import type { FunctionConfiguration, ImageConfig, LoggingConfig, Runtime } from "@aws-sdk/client-lambda";
import { partitionOf } from "../../core/arns.ts";
import type { FunctionSettings, FunctionVersion, ImageSettings, LambdaFunction } from "./state/function-store.ts";

/** A version of a function as the answers show it. `qualifier`: what its ARN ends in. */
export function describeFunction(
  fn: LambdaFunction,
  version: FunctionVersion,
  qualifier?: string,
): FunctionConfiguration {
  return {
    ...describeForList(fn, version, qualifier),
    ...describeRuntime(fn.region, version.settings.runtime),
    ...describeState(version),
  };
}

// AWS: lists leave out the state and the runtime's version (AWS docs, ListFunctions).
export function describeForList(
  fn: LambdaFunction,
  version: FunctionVersion,
  qualifier?: string,
): FunctionConfiguration {
  const { settings, code } = version;
  return {
    FunctionName: fn.name,
    FunctionArn: qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`,
    Runtime: settings.runtime,
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: code.size,
    Description: settings.description,
    Timeout: settings.timeoutSeconds,
    MemorySize: settings.memorySizeMb,
    LastModified: formatLastModified(version.lastModified),
    CodeSha256: code.sha256,
    Version: version.version,
    VpcConfig: settings.vpc && {
      SubnetIds: [...settings.vpc.subnetIds],
      SecurityGroupIds: [...settings.vpc.securityGroupIds],
      VpcId: "",
    },
    DeadLetterConfig:
      settings.deadLetterTargetArn === undefined ? undefined : { TargetArn: settings.deadLetterTargetArn },
    Environment: settings.environment && { Variables: { ...settings.environment } },
    KMSKeyArn: settings.kmsKeyArn,
    // AWS: absent where there are none (recorded on AWS).
    Layers:
      settings.layers.length === 0 ? undefined : settings.layers.map(({ arn, size }) => ({ Arn: arn, CodeSize: size })),
    TracingConfig: { Mode: settings.tracingMode },
    RevisionId: version.revisionId,
    PackageType: code.image === undefined ? "Zip" : "Image",
    ImageConfigResponse: settings.imageConfig && { ImageConfig: describeImageConfig(settings.imageConfig) },
    Architectures: [code.architecture],
    EphemeralStorage: { Size: settings.ephemeralStorageMb },
    SnapStart: { ApplyOn: settings.snapStart, OptimizationStatus: optimizationStatus(version) },
    LoggingConfig: describeLogging(settings),
  };
}

// AWS: levels are those of JSON format, and shown with it (AWS docs).
function describeLogging(settings: FunctionSettings): LoggingConfig {
  const { logFormat: LogFormat, logGroup: LogGroup } = settings;
  const { applicationLogLevel: ApplicationLogLevel, systemLogLevel: SystemLogLevel } = settings;
  return LogFormat === "JSON" ? { LogFormat, ApplicationLogLevel, SystemLogLevel, LogGroup } : { LogFormat, LogGroup };
}

// AWS docs: only published versions are optimized.
function optimizationStatus({ version, settings }: FunctionVersion): "On" | "Off" {
  return settings.snapStart === "PublishedVersions" && version !== "$LATEST" ? "On" : "Off";
}

function describeState(version: FunctionVersion): FunctionConfiguration {
  const { state, failure, restoreFailure } = version;
  switch (state) {
    case "Failed":
      return { State: "Failed", StateReason: failure, StateReasonCode: "InvalidImage" };
    // AWS: no LastUpdateStatus, and the text and code of an update as well (recorded on AWS).
    case "Pending":
      return { State: "Pending", StateReason: beingCreated, StateReasonCode: "Creating" };
    case "Restoring":
      return { State: "Pending", ...restoring, ...describeUpdate(version) };
    case "Inactive":
      return { State: "Inactive", ...describeIdleness(restoreFailure), ...describeUpdate(version) };
    case "Active":
      return { State: "Active", ...describeUpdate(version) };
  }
}

// Assumed: the text.
const restoring: FunctionConfiguration = {
  StateReason: "The function is being restored.",
  StateReasonCode: "Restoring",
};

// AWS: the text (AWS users' reports). Assumed: the codes of what went wrong.
function describeIdleness(restoreFailure: FunctionVersion["restoreFailure"]): FunctionConfiguration {
  if (restoreFailure === undefined) return { StateReason: "The function is currently idle.", StateReasonCode: "Idle" };
  return { StateReason: restoreFailure.reason, StateReasonCode: restoreFailure.code };
}

function describeUpdate({ lastUpdate, failure }: FunctionVersion): FunctionConfiguration {
  switch (lastUpdate) {
    case "InProgress":
      return { LastUpdateStatus: lastUpdate, LastUpdateStatusReason: beingCreated, ...creating };
    case "Failed":
      return {
        LastUpdateStatus: lastUpdate,
        LastUpdateStatusReason: failure,
        LastUpdateStatusReasonCode: "InvalidImage",
      };
    default:
      return { LastUpdateStatus: "Successful" };
  }
}

const beingCreated = "The function is being created.";

// AWS: also for an update, though the SDK's type does not have it (recorded on AWS).
const creating: object = { LastUpdateStatusReasonCode: "Creating" };

// AWS: `2026-01-31T10:20:30.400+0000` (recorded on AWS).
function formatLastModified(time: number): string {
  return new Date(time).toISOString().replace("Z", "+0000");
}

// An image brings its own.
function describeRuntime(region: string, runtime: Runtime | undefined): FunctionConfiguration {
  if (runtime === undefined) return {};
  return { RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(region, runtime) } };
}

function describeImageConfig({ entryPoint, command, workingDirectory }: ImageSettings): ImageConfig {
  return {
    EntryPoint: entryPoint && [...entryPoint],
    Command: command && [...command],
    WorkingDirectory: workingDirectory,
  };
}

// AWS: a 64-digit hash that changes with the runtime's patches (recorded on AWS). Here there is one per runtime.
function runtimeVersionArn(region: string, runtime: Runtime): string {
  const { createHash } = process.getBuiltinModule("node:crypto");
  const hash = createHash("sha256").update(runtime).digest("hex");
  return `arn:${partitionOf(region)}:lambda:${region}::runtime:${hash}`;
}
