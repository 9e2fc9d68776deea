import type { CreateFunctionRequest, UpdateFunctionConfigurationRequest } from "@aws-sdk/client-lambda";
import type { FunctionSettings } from "./state/function-store.ts";

/** The members that creating and updating have in common. */
export type SettingsInput = Pick<
  CreateFunctionRequest & UpdateFunctionConfigurationRequest,
  keyof CreateFunctionRequest & keyof UpdateFunctionConfigurationRequest
>;

// AWS: defaults of a new function (recorded on AWS).
export function defaultSettings(
  name: string,
  given: Pick<FunctionSettings, "runtime" | "handler" | "role">,
): FunctionSettings {
  return {
    ...given,
    imageConfig: undefined,
    description: "",
    timeoutSeconds: 3,
    memorySizeMb: 128,
    environment: undefined,
    ephemeralStorageMb: 512,
    tracingMode: "PassThrough",
    snapStart: "None",
    logGroup: `/aws/lambda/${name}`,
    logFormat: "Text",
    applicationLogLevel: "INFO",
    systemLogLevel: "INFO",
    kmsKeyArn: undefined,
    layers: [],
    deadLetterTargetArn: undefined,
    vpc: undefined,
  };
}

/** `current` with every member that `input` has; members that it lacks stay. Layers are looked up before. */
export function changedSettings(
  current: FunctionSettings,
  input: Partial<SettingsInput>,
  layers: FunctionSettings["layers"] = current.layers,
): FunctionSettings {
  return {
    layers,
    runtime: input.Runtime ?? current.runtime,
    handler: input.Handler ?? current.handler,
    imageConfig: input.ImageConfig === undefined ? current.imageConfig : imageSettings(input.ImageConfig),
    role: input.Role ?? current.role,
    description: input.Description ?? current.description,
    timeoutSeconds: input.Timeout ?? current.timeoutSeconds,
    memorySizeMb: input.MemorySize ?? current.memorySizeMb,
    environment: input.Environment === undefined ? current.environment : (input.Environment.Variables ?? {}),
    ephemeralStorageMb: input.EphemeralStorage?.Size ?? current.ephemeralStorageMb,
    tracingMode: input.TracingConfig?.Mode ?? current.tracingMode,
    snapStart: input.SnapStart?.ApplyOn ?? current.snapStart,
    logGroup: input.LoggingConfig?.LogGroup ?? current.logGroup,
    logFormat: input.LoggingConfig?.LogFormat ?? current.logFormat,
    applicationLogLevel: input.LoggingConfig?.ApplicationLogLevel ?? current.applicationLogLevel,
    systemLogLevel: input.LoggingConfig?.SystemLogLevel ?? current.systemLogLevel,
    // AWS: an empty ARN takes the key or the queue away (AWS docs, UpdateFunctionConfiguration).
    kmsKeyArn: emptyAsNone(input.KMSKeyArn ?? current.kmsKeyArn),
    deadLetterTargetArn: emptyAsNone(input.DeadLetterConfig?.TargetArn ?? current.deadLetterTargetArn),
    vpc: input.VpcConfig === undefined ? current.vpc : changedVpc(input.VpcConfig),
  };
}

// AWS: an empty one takes all of them away, as an empty member does (AWS docs, ImageConfig).
function imageSettings(config: NonNullable<SettingsInput["ImageConfig"]>): FunctionSettings["imageConfig"] {
  const entryPoint = config.EntryPoint?.length === 0 ? undefined : config.EntryPoint;
  const command = config.Command?.length === 0 ? undefined : config.Command;
  const workingDirectory = emptyAsNone(config.WorkingDirectory);
  if (entryPoint === undefined && command === undefined && workingDirectory === undefined) return undefined;
  return { entryPoint, command, workingDirectory };
}

function changedVpc(vpc: NonNullable<SettingsInput["VpcConfig"]>): FunctionSettings["vpc"] {
  return { subnetIds: vpc.SubnetIds ?? [], securityGroupIds: vpc.SecurityGroupIds ?? [] };
}

function emptyAsNone(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
