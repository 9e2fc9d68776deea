import { expect, test } from "vitest";
import { OptionError, optionsFromEnvironment, settle } from "./options.ts";
import type { EmulatorOptions } from "./options.ts";

test("embedded, the emulator takes any free port of the loopback address", () => {
  expect(settle({})).toMatchObject({ host: "127.0.0.1", port: 0, region: "us-east-1", retryBaseDelayMs: 25 });
});

test("every variable sets its option, and an empty one sets nothing", () => {
  expect(
    optionsFromEnvironment({
      LOCALEMU_HOST: "0.0.0.0",
      LOCALEMU_PORT: "0",
      LOCALEMU_REGION: "eu-west-1",
      LOCALEMU_CLOCK: "frozen",
      LOCALEMU_RETRY_BASE_DELAY_MS: "500",
      KINESIS_LATENCY: "250",
      KINESIS_SHARD_LIMIT: "5",
      KINESIS_INITIALIZE_STREAMS: "orders:2, clicks:1:us-west-2,",
      LAMBDA_KEEPALIVE_MS: "1000",
      LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT: "5",
      LAMBDA_INIT_POST_INVOKE_WAIT_MS: "100",
      LAMBDA_LIMITS_MAX_FUNCTION_PAYLOAD_SIZE_BYTES: "1000",
      LAMBDA_DEBUG_MODE: "1",
      LOCALEMU_LAMBDA_NODE_PATH: "/usr/lib/node_modules",
      LOCALEMU_DOCKER: "true",
      LOCALEMU_LAMBDA_EXECUTOR: "docker",
      LAMBDA_RUNTIME_IMAGE_MAPPING: '{"python3.13": "mine/python:1"}',
      LOCALEMU_DOCKER_PAUSE_MS: "0",
      LOCALEMU_ALLOWED_ORIGINS: "https://a.example, https://b.example,",
      LOCALEMU_ALLOWED_HOSTS: "emu.example",
      LOCALEMU_TMPDIR: "",
      PATH: "/bin",
    }),
  ).toEqual({
    host: "0.0.0.0",
    port: 0,
    region: "eu-west-1",
    clock: "frozen",
    retryBaseDelayMs: 500,
    kinesisLatencyMs: 250,
    kinesisShardLimit: 5,
    kinesisInitialStreams: [
      { name: "orders", shards: 2 },
      { name: "clicks", shards: 1, region: "us-west-2" },
    ],
    lambdaKeepaliveMs: 1000,
    lambdaStartTimeoutSeconds: 5,
    lambdaPostInvokeWaitMs: 100,
    lambdaMaxPayloadBytes: 1000,
    lambdaNodePath: ["/usr/lib/node_modules"],
    lambdaDebugMode: true,
    docker: true,
    lambdaExecutor: "docker",
    lambdaRuntimeImages: { "python3.13": "mine/python:1" },
    dockerPauseMs: 0,
    allowedOrigins: ["https://a.example", "https://b.example"],
    allowedHosts: ["emu.example"],
  });
});

test.each([
  ["LOCALEMU_PORT", "http", 'LOCALEMU_PORT must be an integer from 0 to 65535, not "http"'],
  ["LOCALEMU_PORT", "65536", 'LOCALEMU_PORT must be an integer from 0 to 65535, not "65536"'],
  ["LOCALEMU_REGION", "Frankfurt", 'LOCALEMU_REGION must be a region such as us-east-1, not "Frankfurt"'],
  ["LOCALEMU_LAMBDA_EXECUTOR", "local", 'LOCALEMU_LAMBDA_EXECUTOR must be process or docker, not "local"'],
  ...['{"python3.13": 1}', '{"python3.13"}', "mine/python:1"].map((text) => [
    "LAMBDA_RUNTIME_IMAGE_MAPPING",
    text,
    `LAMBDA_RUNTIME_IMAGE_MAPPING must be a name with <runtime> in it, or an object of image names by runtime, not ${JSON.stringify(text)}`,
  ]),
  [
    "LOCALEMU_LAMBDA_NODE_PATH",
    "/usr/lib/node_modules,node_modules",
    'LOCALEMU_LAMBDA_NODE_PATH must be a list of absolute paths of node_modules directories, not "/usr/lib/node_modules,node_modules"',
  ],
  ["LOCALEMU_CLOCK", "stopped", 'LOCALEMU_CLOCK must be running, frozen or auto, not "stopped"'],
])("%s=%s is refused in one line", (name, value, message) => {
  expect(() => optionsFromEnvironment({ [name]: value })).toThrow(new OptionError(message));
});

test.each([
  "orders",
  "orders:",
  "orders:0",
  "orders:10001",
  "orders:1.5",
  "a b:1",
  ":1",
  "o:1:here",
  "o:1:us-east-1:x",
  "o:1,p",
])("KINESIS_INITIALIZE_STREAMS=%s is refused in one line", (text) => {
  expect(() => optionsFromEnvironment({ KINESIS_INITIALIZE_STREAMS: text })).toThrow(
    new OptionError(
      `KINESIS_INITIALIZE_STREAMS must be streams with 1 to 10000 shards, such as orders:2 or orders:2:eu-west-1, not "${text}"`,
    ),
  );
});

test.each([
  ["LOCALEMU_PROT", "unknown variable LOCALEMU_PROT; did you mean LOCALEMU_PORT?"],
  ["LOCALEMU_ALLOWED_HOST", "unknown variable LOCALEMU_ALLOWED_HOST; did you mean LOCALEMU_ALLOWED_HOSTS?"],
  [
    "LOCALEMU_PERSISTENCE",
    /^unknown variable LOCALEMU_PERSISTENCE; there are LOCALEMU_HOST, LOCALEMU_PORT, [A-Z_, ]+$/,
  ],
])("%s, which does not exist, is refused in one line", (name, message) => {
  expect(() => optionsFromEnvironment({ [name]: "1" })).toThrow(message);
  expect(optionsFromEnvironment({ [name]: "" })).toEqual({});
});

test("variables that begin like ours and are for others do no harm", () => {
  expect(
    optionsFromEnvironment({
      LOCALEMU_IMAGE: "localemu/localemu:0.1.0",
      LOCALEMU_ENDPOINT: "http://127.0.0.1:4566",
      LOCALEMU_SERVICE_HOST: "10.0.0.1",
      LOCALEMU_SERVICE_PORT_HTTP: "4566",
      LOCALEMU_PORT_4566_TCP_ADDR: "10.0.0.1",
    }),
  ).toEqual({});
});

test("an option that does not exist is refused", () => {
  const options: EmulatorOptions & { prot: number } = { prot: 4566 };
  expect(() => settle(options)).toThrow("unknown option prot; there are host, port,");
});

test("the images of runtimes can be a pattern; functions in containers need an engine, so that it is switched on", () => {
  const pattern = "mine/lambda-<runtime>:x";
  expect(optionsFromEnvironment({ LAMBDA_RUNTIME_IMAGE_MAPPING: pattern })).toEqual({ lambdaRuntimeImages: pattern });
  expect(settle({ lambdaExecutor: "docker" })).toMatchObject({ docker: true });
  expect(settle({})).toMatchObject({ docker: false, lambdaExecutor: "process" });
});
