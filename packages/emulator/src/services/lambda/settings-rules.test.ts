import { expect, test } from "vitest";
import { refuseSettings, refuseSnapStart } from "./settings-rules.ts";
import type { SettingsInput } from "./settings.ts";

const processes = { docker: false, preferred: "process" } as const;

test.each<Partial<SettingsInput>>([
  {},
  { Runtime: "nodejs24.x", Timeout: 900, MemorySize: 10_240 },
  { Environment: { Variables: { TABLE: "x".repeat(4096 - '{"TABLE":""}'.length) } } },
  { Runtime: "provided.al2023" },
  { Runtime: "provided.al2" },
  { Layers: [], FileSystemConfigs: [] },
  { LoggingConfig: { LogFormat: "Text", LogGroup: "mine" }, VpcConfig: { SubnetIds: ["subnet-1"] } },
])("%j is taken", (input) => {
  expect(() => refuseSettings(input, processes)).not.toThrow();
});

const tooLong = { A: "x".repeat(4096) };

test.each<[Partial<SettingsInput>, string, string]>([
  [
    { Runtime: "nodejs14.x" },
    "InvalidParameterValueException",
    "The runtime parameter of nodejs14.x is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.",
  ],
  [
    { Runtime: "java21" },
    "InvalidParameterValueException",
    "LocalEmu runs functions of the runtime java21 by a Docker engine, which it uses with the option docker (LOCALEMU_DOCKER=1); this one was started without.",
  ],
  [
    { Timeout: 901 },
    "ValidationException",
    "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
  ],
  [
    { MemorySize: 10_241 },
    "ValidationException",
    "1 validation error detected: Value '10241' at 'memorySize' failed to satisfy constraint: Member must have value less than or equal to 10240",
  ],
  [
    { Environment: { Variables: { AWS_REGION: "x", TABLE: "y", _HANDLER: "z" } } },
    "InvalidParameterValueException",
    "Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION, _HANDLER",
  ],
  [
    { Environment: { Variables: tooLong } },
    "InvalidParameterValueException",
    `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(tooLong)}`,
  ],
  [
    {
      FileSystemConfigs: [
        { Arn: "arn:aws:elasticfilesystem:eu-west-1:000000000000:access-point/a", LocalMountPath: "/mnt/a" },
      ],
    },
    "InvalidParameterValueException",
    "LocalEmu does not offer file systems (FileSystemConfigs).",
  ],
])("%j is refused", (input, code, message) => {
  expect(() => refuseSettings(input, processes)).toThrow(expect.objectContaining({ code, message }));
});

test.each(["java11", "java17", "java21", "java25", "python3.12", "python3.14", "dotnet8", "dotnet10"])(
  "snapshots of %s are taken",
  (runtime) => {
    expect(() => refuseSnapStart(runtime, "PublishedVersions")).not.toThrow();
  },
);

test.each(["nodejs24.x", "python3.11", "provided.al2023", "ruby3.4", "java8.al2", "dotnet6", undefined])(
  "snapshots of %s are refused",
  (runtime) => {
    const message = `${runtime ?? "ContainerImage"} is not supported for SnapStart enabled functions.`;
    expect(() => refuseSnapStart(runtime, "PublishedVersions")).toThrow(message);
    expect(() => refuseSnapStart(runtime, "None")).not.toThrow();
    expect(() => refuseSnapStart(runtime, undefined)).not.toThrow();
  },
);
