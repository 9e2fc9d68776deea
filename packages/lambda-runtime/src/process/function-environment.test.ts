import { expect, test } from "vitest";
import type { FunctionSpec } from "../contract.ts";
import { extensionEnvironment, functionEnvironment, type EnvironmentPlace } from "./function-environment.ts";

const spec: FunctionSpec = {
  functionName: "probe",
  version: "7",
  runtime: "nodejs24.x",
  handler: "index.handler",
  memorySizeMb: 256,
  timeoutMs: 3000,
  taskRoot: "/code",
  optRoot: "/env/opt",
  environment: {},
  logGroup: "/aws/lambda/probe",
  region: "eu-west-1",
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret", sessionToken: "token" },
};
const place: EnvironmentPlace = {
  runtimeApi: "127.0.0.1:9001",
  logStream: "2026/01/02/[7]abc",
  temporaryDirectory: "/env/tmp",
  runtimeDirectory: "/client",
  languageDirectory: "/node/bin",
  path: "/usr/bin:/bin",
};
const variables = (change: Partial<FunctionSpec> = {}) => functionEnvironment({ ...spec, ...change }, place);

test("the variables have AWS's names and order, and lead to the environment's own directories", () => {
  expect(Object.entries(variables({ environment: { TABLE: "t" } }))).toEqual([
    ["_HANDLER", "index.handler"],
    ["AWS_DEFAULT_REGION", "eu-west-1"],
    ["AWS_REGION", "eu-west-1"],
    ["AWS_EXECUTION_ENV", "AWS_Lambda_nodejs24.x"],
    ["AWS_LAMBDA_FUNCTION_NAME", "probe"],
    ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"],
    ["AWS_LAMBDA_FUNCTION_VERSION", "7"],
    ["AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"],
    ["AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/probe"],
    ["AWS_LAMBDA_LOG_STREAM_NAME", "2026/01/02/[7]abc"],
    ["AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"],
    ["AWS_SECRET_ACCESS_KEY", "secret"],
    ["AWS_SESSION_TOKEN", "token"],
    ["AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001"],
    ["LAMBDA_TASK_ROOT", "/code"],
    ["LAMBDA_RUNTIME_DIR", "/client"],
    ["PWD", "/code"],
    ["SHLVL", "0"],
    ["_LAMBDA_TELEMETRY_LOG_FD", "3"],
    ["LANG", "en_US.UTF-8"],
    ["PATH", "/node/bin:/usr/bin:/bin:/env/opt/bin"],
    ["LD_LIBRARY_PATH", "/code:/code/lib:/env/opt/lib"],
    ["NODE_PATH", "/env/opt/nodejs/node24/node_modules:/env/opt/nodejs/node_modules:/code"],
    ["AWS_XRAY_CONTEXT_MISSING", "LOG_ERROR"],
    ["AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1:2000"],
    ["_AWS_XRAY_DAEMON_ADDRESS", "127.0.0.1"],
    ["_AWS_XRAY_DAEMON_PORT", "2000"],
    ["TZ", ":UTC"],
    ["TMPDIR", "/env/tmp"],
    ["TABLE", "t"],
  ]);
});

test("a runtime of one's own has no execution environment and nothing of Node.js", () => {
  const own = variables({ runtime: "provided.al2023" });
  for (const name of ["AWS_EXECUTION_ENV", "NODE_PATH", "PYTHONPATH", "_LAMBDA_TELEMETRY_LOG_FD"]) {
    expect(own).not.toHaveProperty(name);
  }
});

test("Python has messages of its own, and no path: its client sets it, as on AWS", () => {
  const python = variables({ runtime: "python3.14" });
  expect(python).toMatchObject({ AWS_EXECUTION_ENV: "AWS_Lambda_python3.14", _LAMBDA_TELEMETRY_LOG_FD: "3" });
  for (const name of ["NODE_PATH", "PYTHONPATH"]) expect(python).not.toHaveProperty(name);
});

test.each([
  ["provisioned-concurrency", { initializationType: "provisioned-concurrency" }],
  ["lambda-managed-instances", { maxConcurrency: 4 }],
] as const)("an environment says that it is one of %s", (type, change) => {
  expect(variables(change)).toMatchObject({ AWS_LAMBDA_INITIALIZATION_TYPE: type });
});

test("the function's variables overrule the defaults and the platform's, but not reserved ones", () => {
  const given = { TZ: "Asia/Tokyo", NODE_PATH: "/mine", AWS_REGION: "mars-1", _HANDLER: "x", AWS_ENDPOINT_URL: "mine" };
  const defaultEnvironment = { AWS_ENDPOINT_URL: "http://127.0.0.1:4566", AWS_REGION: "mars-2" };
  expect(variables({ environment: given, defaultEnvironment })).toMatchObject({
    TZ: "Asia/Tokyo",
    NODE_PATH: "/mine",
    AWS_ENDPOINT_URL: "mine",
    AWS_REGION: "eu-west-1",
    _HANDLER: "index.handler",
  });
});

test("JSON logs tell the runtime of their format and level", () => {
  expect(variables({ logFormat: "JSON", logLevel: "WARN" })).toMatchObject({
    AWS_LAMBDA_LOG_FORMAT: "JSON",
    AWS_LAMBDA_LOG_LEVEL: "WARN",
  });
});

test("an extension sees what is not the runtime's alone", () => {
  const seen = extensionEnvironment(variables({ environment: { TABLE: "t" } }));
  expect(seen).toMatchObject({ AWS_LAMBDA_RUNTIME_API: "127.0.0.1:9001", AWS_REGION: "eu-west-1", TABLE: "t" });
  for (const name of Object.keys(seen))
    expect(name).not.toMatch(/^_|^AWS_XRAY_|LOG_(?:GROUP|STREAM)|^LAMBDA_TASK_ROOT$/);
});
