import type { FunctionSettings } from "./function-store.ts";

/** A function's settings as they are kept. */
export type SettingsDocument = {
  readonly runtime?: FunctionSettings["runtime"];
  readonly handler?: string | undefined;
  readonly imageConfig?:
    | {
        readonly entryPoint?: readonly string[] | undefined;
        readonly command?: readonly string[] | undefined;
        readonly workingDirectory?: string | undefined;
      }
    | undefined;
  readonly role: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memorySizeMb: number;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly ephemeralStorageMb: number;
  readonly tracingMode: FunctionSettings["tracingMode"];
  readonly snapStart: FunctionSettings["snapStart"];
  readonly logGroup: string;
  readonly logFormat: FunctionSettings["logFormat"];
  readonly applicationLogLevel: FunctionSettings["applicationLogLevel"];
  readonly systemLogLevel: FunctionSettings["systemLogLevel"];
  readonly kmsKeyArn?: string | undefined;
  readonly layers: readonly { readonly arn: string; readonly size: number; readonly sha256: string }[];
  readonly deadLetterTargetArn?: string | undefined;
  readonly vpc?: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] } | undefined;
};

export function settingsDocument(settings: FunctionSettings): SettingsDocument {
  const { imageConfig, vpc } = settings;
  return {
    runtime: settings.runtime,
    handler: settings.handler,
    imageConfig: imageConfig && {
      entryPoint: imageConfig.entryPoint,
      command: imageConfig.command,
      workingDirectory: imageConfig.workingDirectory,
    },
    role: settings.role,
    description: settings.description,
    timeoutSeconds: settings.timeoutSeconds,
    memorySizeMb: settings.memorySizeMb,
    environment: settings.environment,
    ephemeralStorageMb: settings.ephemeralStorageMb,
    tracingMode: settings.tracingMode,
    snapStart: settings.snapStart,
    logGroup: settings.logGroup,
    logFormat: settings.logFormat,
    applicationLogLevel: settings.applicationLogLevel,
    systemLogLevel: settings.systemLogLevel,
    kmsKeyArn: settings.kmsKeyArn,
    layers: settings.layers.map(({ arn, size, sha256 }) => ({ arn, size, sha256 })),
    deadLetterTargetArn: settings.deadLetterTargetArn,
    vpc: vpc && { subnetIds: vpc.subnetIds, securityGroupIds: vpc.securityGroupIds },
  };
}

/** Every member is there, also those that are undefined: settings are compared with others. */
export function settingsOf(document: SettingsDocument): FunctionSettings {
  const { imageConfig } = document;
  return {
    runtime: document.runtime,
    handler: document.handler,
    imageConfig: imageConfig && {
      entryPoint: imageConfig.entryPoint,
      command: imageConfig.command,
      workingDirectory: imageConfig.workingDirectory,
    },
    role: document.role,
    description: document.description,
    timeoutSeconds: document.timeoutSeconds,
    memorySizeMb: document.memorySizeMb,
    environment: document.environment,
    ephemeralStorageMb: document.ephemeralStorageMb,
    tracingMode: document.tracingMode,
    snapStart: document.snapStart,
    logGroup: document.logGroup,
    logFormat: document.logFormat,
    applicationLogLevel: document.applicationLogLevel,
    systemLogLevel: document.systemLogLevel,
    kmsKeyArn: document.kmsKeyArn,
    layers: document.layers,
    deadLetterTargetArn: document.deadLetterTargetArn,
    vpc: document.vpc,
  };
}
