import { expect, test } from "vitest";
import { OptionError, optionsFromEnvironment, settle } from "./options.ts";
import type { EmulatorOptions } from "./options.ts";

test("embedded, the emulator takes any free port of the loopback address", () => {
  expect(settle({})).toMatchObject({ host: "127.0.0.1", port: 0, region: "us-east-1", retryBaseDelayMs: 25 });
});

/** A variable, a text that it may have and what that makes of its option; what an option must be, and texts that are not. */
type Row<Value> =
  | readonly [variable: string, text: string, value: Value, must: string, ...bad: [string, ...string[]]]
  // Any text will do here; the start says what is wrong with a place that cannot be had.
  | readonly [variable: string, text: string, value: Value];

const onOff = "true or false";
const milliseconds = "an integer from 0 to 86400000";
const bytes = (least: number) => `an integer from ${least} to 9007199254740991`;

const rows: { readonly [Name in keyof EmulatorOptions]-?: Row<NonNullable<EmulatorOptions[Name]>> } = {
  host: ["LOCALEMU_HOST", "0.0.0.0", "0.0.0.0"],
  port: ["LOCALEMU_PORT", "0", 0, "an integer from 0 to 65535", "http", "65536", "-1", "80.5", "0x50"],
  region: ["LOCALEMU_REGION", "eu-west-1", "eu-west-1", "a region such as us-east-1", "Frankfurt", "eu"],
  clock: ["LOCALEMU_CLOCK", "frozen", "frozen", "running, frozen or auto", "stopped", "Frozen"],
  retryBaseDelayMs: ["LOCALEMU_RETRY_BASE_DELAY_MS", "500", 500, "an integer from 1 to 60000", "0", "1s", "60001"],
  kinesisLatencyMs: ["KINESIS_LATENCY", "250", 250, "an integer from 0 to 3600000", "soon", "-1"],
  kinesisShardLimit: ["KINESIS_SHARD_LIMIT", "5", 5, "an integer from 1 to 1000000", "0", "many"],
  kinesisInitialStreams: [
    "KINESIS_INITIALIZE_STREAMS",
    "orders:2, clicks:1:us-west-2,",
    [
      { name: "orders", shards: 2 },
      { name: "clicks", shards: 1, region: "us-west-2" },
    ],
    "streams with 1 to 10000 shards, such as orders:2 or orders:2:eu-west-1",
    ...(["orders", "orders:", "orders:0", "orders:10001", "orders:1.5", "a b:1", ":1"] as const),
    ...(["o:1:here", "o:1:us-east-1:x", "o:1,p"] as const),
  ],
  kinesisThroughputLimits: ["LOCALEMU_KINESIS_THROUGHPUT_LIMITS", "true", true, onOff, "yes", "2"],
  kinesisErrorProbability: [
    "KINESIS_ERROR_PROBABILITY",
    "0.25",
    0.25,
    "a number from 0 to 1",
    "1.5",
    "-1",
    "often",
    " ",
  ],
  dynamodbEndpoint: [
    "DYNAMODB_ENDPOINT",
    "http://db:8000",
    "http://db:8000",
    "an HTTP URL without a user",
    "db:8000",
    "ftp://db",
    "db",
  ],
  seed: ["LOCALEMU_SEED", "-7", -7, "an integer from -2147483648 to 2147483647", "x", "1.5", "2147483648"],
  lambdaKeepaliveMs: ["LAMBDA_KEEPALIVE_MS", "1000", 1000, milliseconds, "-1", "ten minutes"],
  lambdaStartTimeoutSeconds: ["LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT", "5", 5, "an integer from 1 to 3600", "0", "5s"],
  lambdaPostInvokeWaitMs: ["LAMBDA_INIT_POST_INVOKE_WAIT_MS", "100", 100, "an integer from 0 to 900000", "900001", "x"],
  lambdaMaxPayloadBytes: ["LAMBDA_LIMITS_MAX_FUNCTION_PAYLOAD_SIZE_BYTES", "1000", 1000, bytes(1), "0", "6MB"],
  lambdaNodePath: [
    "LOCALEMU_LAMBDA_NODE_PATH",
    "/usr/lib/node_modules",
    ["/usr/lib/node_modules"],
    "a list of absolute paths of node_modules directories",
    ...(["/usr/lib/node_modules,node_modules", "/usr/lib", "./node_modules"] as const),
  ],
  lambdaDebugMode: ["LAMBDA_DEBUG_MODE", "1", true, onOff, "on"],
  docker: ["LOCALEMU_DOCKER", "true", true, onOff, "podman"],
  lambdaExecutor: ["LOCALEMU_LAMBDA_EXECUTOR", "docker", "docker", "process or docker", "local"],
  lambdaRuntimeImages: [
    "LAMBDA_RUNTIME_IMAGE_MAPPING",
    '{"python3.13": "mine/python:1"}',
    { "python3.13": "mine/python:1" },
    "a name with <runtime> in it, or an object of image names by runtime",
    ...(['{"python3.13": 1}', '{"python3.13"}', "mine/python:1"] as const),
  ],
  dockerPauseMs: ["LOCALEMU_DOCKER_PAUSE_MS", "0", 0, milliseconds, "never"],
  functionUsers: ["LOCALEMU_FUNCTION_USERS", "0", false, onOff, "nobody"],
  // Others set it too; one of a kind that is not spoken is told when there is work for it.
  dockerHost: ["DOCKER_HOST", "tcp://docker:2375", "tcp://docker:2375"],
  responseStreamMaxBytes: ["LOCALEMU_RESPONSE_STREAM_MAX_BYTES", "4096", 4096, bytes(1), "0", "20 MB"],
  responseStreamBytesPerSecond: [
    "LOCALEMU_RESPONSE_STREAM_BYTES_PER_SECOND",
    "2097152",
    2_097_152,
    bytes(0),
    ...(["-1", "fast"] as const),
  ],
  enforceIam: ["ENFORCE_IAM", "soft", "soft", "0, 1 or soft", "hard", "2"],
  verifySignatures: ["LOCALEMU_VERIFY_SIGNATURES", "1", true, onOff, "always"],
  credentials: ["LOCALEMU_CREDENTIALS", "k:s, l:t:u", ["k:s", "l:t:u"]],
  allowedOrigins: [
    "LOCALEMU_ALLOWED_ORIGINS",
    "https://a.example, vscode-webview://0b, null,",
    ["https://a.example", "vscode-webview://0b", "null"],
    "a list of origins such as https://app.example",
    ...(["app.example", "https://app.example/", "https://App.example", "*"] as const),
  ],
  allowedHosts: [
    "LOCALEMU_ALLOWED_HOSTS",
    "emu.example, Emu_2",
    ["emu.example", "Emu_2"],
    "a list of host names without a port",
    ...(["http://emu.example", "emu.example:4566", "*.example"] as const),
  ],
  workDirectory: ["LOCALEMU_TMPDIR", "/work", "/work"],
  dataDir: ["LOCALEMU_DATA_DIR", "/data", "/data"],
  logFormat: ["LOCALEMU_LOG_FORMAT", "json", "json", "text or json", "xml"],
  logLevel: ["LOCALEMU_LOG_LEVEL", "debug", "debug", "one of off, error, warn, info, debug", "loud"],
  stopGraceMs: ["LOCALEMU_STOP_GRACE_MS", "0", 0, "an integer from 0 to 3600000", "1s"],
};

test("every variable sets its option, and an empty one sets nothing", () => {
  const given = Object.values(rows).map(([variable, text]) => [variable, text]);
  const options = optionsFromEnvironment({ PATH: "/bin", ...Object.fromEntries(given) });
  expect(options).toEqual(Object.fromEntries(Object.entries(rows).map(([name, [, , value]]) => [name, value])));
  expect(() => settle(options)).not.toThrow();
  expect(optionsFromEnvironment(Object.fromEntries(given.map(([variable]) => [variable, ""])))).toEqual({});
});

test.each(
  Object.values(rows).flatMap(([variable, , , must = "", ...bad]) =>
    bad.map((text) => [variable, text, `${variable} must be ${must}, not ${JSON.stringify(text)}`] as const),
  ),
)("%s=%j is refused in one line", (variable, text, line) => {
  expect(() => optionsFromEnvironment({ [variable]: text })).toThrow(new OptionError(line));
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
      // Kubernetes, for services named localemu and localemu-edge.
      LOCALEMU_PORT: "tcp://10.0.0.1:4566",
      LOCALEMU_EDGE_SERVICE_PORT: "4566",
      LOCALEMU_EDGE_PORT: "udp://10.0.0.2:4566",
      LOCALEMU_EDGE_PORT_4566_UDP_PROTO: "udp",
    }),
  ).toEqual({});
});

test.each([
  ...["s3cret", "k:s,:s3cret", "k s3cret:s"].map((text) => ["credentials", text, "a list of key:secret"] as const),
  [
    "dynamodbEndpoint",
    "http://me:s3cret@tables:8000",
    'an HTTP URL without a user, not "http://…@tables:8000"',
  ] as const,
])("of %s=%s, the secret is not told", (name, text, must) => {
  const [variable] = rows[name];
  const options = { [name]: name === "credentials" ? text.split(",") : text };
  expect(() => settle(options)).toThrow(new OptionError(`option ${name} must be ${must}`));
  expect(() => optionsFromEnvironment({ [variable]: text })).toThrow(new OptionError(`${variable} must be ${must}`));
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
