import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { partitionOf } from "../../core/arns.ts";
import type { LambdaFunction } from "./state/function-store.ts";

/** A function as the answers show it. `qualified`: with `:$LATEST` in its ARN. */
export function describeFunction(fn: LambdaFunction, { qualified = false } = {}): FunctionConfiguration {
  return {
    ...describeForList(fn, { qualified }),
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeVersionArn(fn) },
    ...describeState(fn),
  };
}

// AWS: lists leave out the state and the runtime's version (AWS docs, ListFunctions).
export function describeForList(fn: LambdaFunction, { qualified = false } = {}): FunctionConfiguration {
  const { settings, code } = fn;
  return {
    FunctionName: fn.name,
    FunctionArn: qualified ? `${fn.arn}:$LATEST` : fn.arn,
    Runtime: settings.runtime,
    Role: settings.role,
    Handler: settings.handler,
    CodeSize: code.size,
    Description: settings.description,
    Timeout: settings.timeoutSeconds,
    MemorySize: settings.memorySizeMb,
    LastModified: formatLastModified(fn.lastModified),
    CodeSha256: code.sha256,
    Version: "$LATEST",
    VpcConfig: settings.vpc && {
      SubnetIds: [...settings.vpc.subnetIds],
      SecurityGroupIds: [...settings.vpc.securityGroupIds],
      VpcId: "",
    },
    DeadLetterConfig:
      settings.deadLetterTargetArn === undefined ? undefined : { TargetArn: settings.deadLetterTargetArn },
    Environment: settings.environment && { Variables: { ...settings.environment } },
    KMSKeyArn: settings.kmsKeyArn,
    TracingConfig: { Mode: settings.tracingMode },
    RevisionId: fn.revisionId,
    PackageType: "Zip",
    Architectures: [code.architecture],
    EphemeralStorage: { Size: settings.ephemeralStorageMb },
    SnapStart: { ApplyOn: settings.snapStart, OptimizationStatus: "Off" },
    LoggingConfig: { LogFormat: "Text", LogGroup: settings.logGroup },
  };
}

// AWS: texts and codes of both phases, and no LastUpdateStatus while Pending (recorded on AWS).
function describeState(fn: LambdaFunction): FunctionConfiguration {
  if (fn.state === "Pending")
    return { State: "Pending", StateReason: "The function is being created.", StateReasonCode: "Creating" };
  if (fn.lastUpdate !== "InProgress") return { State: "Active", LastUpdateStatus: "Successful" };
  return {
    State: "Active",
    LastUpdateStatus: "InProgress",
    LastUpdateStatusReason: "The function is being created.",
    ...creating,
  };
}

// AWS: also for an update, though the SDK's type does not have it (recorded on AWS).
const creating: object = { LastUpdateStatusReasonCode: "Creating" };

// AWS: `2026-01-31T10:20:30.400+0000` (recorded on AWS).
function formatLastModified(time: number): string {
  return new Date(time).toISOString().replace("Z", "+0000");
}

// AWS: a 64-digit hash that changes with the runtime's patches (recorded on AWS). Here there is one per runtime.
function runtimeVersionArn({ region, settings }: LambdaFunction): string {
  const { createHash } = process.getBuiltinModule("node:crypto");
  const hash = createHash("sha256").update(settings.runtime).digest("hex");
  return `arn:${partitionOf(region)}:lambda:${region}::runtime:${hash}`;
}
