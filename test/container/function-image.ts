import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CreateFunctionCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import type { CreateFunctionRequest, FunctionConfiguration, LambdaClient } from "@aws-sdk/client-lambda";
import { getContainerRuntimeClient } from "testcontainers";
import { invoke } from "../emulator/functions.ts";

/** A whole Lambda runtime, whose answers tell of the container that it runs in. */
export const ownRuntime = `
  import { readFileSync } from "node:fs";
  const { AWS_LAMBDA_RUNTIME_API: api, AWS_ENDPOINT_URL: endpoint } = process.env;
  const post = (path, body) =>
    fetch(\`http://\${api}/2018-06-01/runtime/invocation/\${path}\`, { method: "POST", body: JSON.stringify(body) });
  const instance = crypto.randomUUID();
  const actions = {
    tell: async () => ({ instance, environment: process.env, arguments: process.argv.slice(2), directory: process.cwd() }),
    read: async ({ path }) => readFileSync(path, "utf8"),
    ask: async ({ url }) => (await fetch(url)).text(),
    fail: async () => { throw new TypeError("no such order"); },
    hang: () => {
      console.log("hangs");
      return new Promise((resolve) => setTimeout(resolve, 600_000));
    },
    exit: async () => process.exit(3),
    log: async () => { console.log("to standard output"); console.error("to standard error"); },
    createQueue: async () => {
      const headers = { "x-amz-target": "AmazonSQS.CreateQueue", "content-type": "application/x-amz-json-1.0" };
      const body = JSON.stringify({ QueueName: "orders" });
      return (await fetch(endpoint, { method: "POST", headers, body })).json();
    },
  };
  const act = (event) => actions[event.action ?? "tell"](event);
  for (;;) {
    const next = await fetch(\`http://\${api}/2018-06-01/runtime/invocation/next\`);
    const id = next.headers.get("lambda-runtime-aws-request-id");
    try {
      await post(\`\${id}/response\`, await act(await next.json()) ?? null);
    } catch (error) {
      await post(\`\${id}/error\`, { errorType: error.name, errorMessage: error.message });
    }
  }`;

/** Builds an image from files by name, and what is added to them. */
export function buildImage(name: string, files: Readonly<Record<string, string>>, add?: (context: string) => void) {
  const image = `localemu-test/${name}:${process.pid}`;
  const context = mkdtempSync(join(tmpdir(), "localemu-function-image-"));
  try {
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(context, file), text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
    }
    add?.(context);
    execFileSync("docker", ["build", "--quiet", "--force-rm", "--tag", image, context], {
      stdio: ["ignore", "ignore", "pipe"],
    });
  } finally {
    rmSync(context, { recursive: true });
  }
  return { image, remove: () => void execFileSync("docker", ["image", "rm", "--force", image], { stdio: "ignore" }) };
}

/** An image with a runtime of its own. */
export function buildOwnRuntime() {
  return buildImage("own-runtime", {
    "runtime.mjs": ownRuntime,
    Dockerfile: `FROM node:24-bookworm-slim
COPY runtime.mjs /var/runtime/
WORKDIR /var/task
ENV FROM_IMAGE=yes
ENTRYPOINT ["node", "/var/runtime/runtime.mjs"]
CMD ["index.handler"]
`,
  });
}

/** An image whose runtime is a shell's loop: HTTP by hand, a connection for each call. */
export function buildShellRuntime() {
  return buildImage("shell-runtime", {
    bootstrap: `#!/bin/bash
export LC_ALL=C
ask() { # method, path, body
  exec 3<>"/dev/tcp/\${AWS_LAMBDA_RUNTIME_API%:*}/\${AWS_LAMBDA_RUNTIME_API#*:}"
  printf '%s /2018-06-01/runtime/invocation/%s HTTP/1.1\\r\\nHost: api\\r\\nConnection: close\\r\\nContent-Length: %d\\r\\n\\r\\n%s' \\
    "$1" "$2" "\${#3}" "$3" >&3
  local line length=0
  while IFS= read -r line <&3 && line="\${line%$'\\r'}" && [ -n "$line" ]; do
    case "\${line,,}" in
      lambda-runtime-aws-request-id:*) id="\${line#*: }" ;;
      content-length:*) length="\${line#*: }" ;;
    esac
  done
  body=""
  if [ "$length" -gt 0 ]; then IFS= read -r -N "$length" body <&3; fi
  exec 3>&-
}
for ((count = 1; ; count++)); do
  ask GET next ""
  echo "has $body"
  case "$body" in
    *refuse*) ask POST "$id/error" '{"errorType": "Shell.Refused", "errorMessage": "as it was told"}' ;;
    *) ask POST "$id/response" "{\\"event\\": $body, \\"count\\": $count}" ;;
  esac
done
`,
    Dockerfile: `FROM node:24-bookworm-slim
COPY bootstrap /var/runtime/
ENTRYPOINT ["/var/runtime/bootstrap"]
`,
  });
}

/**
 * An image that keeps to what AWS's base images do for a language: its entry point takes the handler and starts
 * `/var/runtime/bootstrap`, which reads `_HANDLER`; without a Runtime API it would start an emulator of its own.
 */
export function buildLanguageRuntime() {
  return buildImage("language-runtime", {
    "runtime.mjs": ownRuntime,
    bootstrap: `#!/bin/sh
exec node /var/runtime/runtime.mjs "$_HANDLER"
`,
    "lambda-entrypoint.sh": `#!/bin/sh
if [ $# -ne 1 ]; then exit 142; fi
if [ -z "$AWS_LAMBDA_RUNTIME_API" ]; then exit 143; fi
export _HANDLER="$1"
exec /var/runtime/bootstrap
`,
    Dockerfile: `FROM node:24-bookworm-slim
COPY runtime.mjs /var/runtime/
COPY bootstrap /var/runtime/
COPY lambda-entrypoint.sh /
ENV LANGUAGE_IMAGE=yes
ENTRYPOINT ["/lambda-entrypoint.sh"]
`,
  });
}

/** An external extension that tells of its events and telemetry, and of itself on a port that is `localhost`'s to the function. */
export function extensionProgram(port: number): string {
  return `#!/usr/bin/env node
const { writeFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { basename } = require("node:path");
const name = basename(__filename);
const api = \`http://\${process.env.AWS_LAMBDA_RUNTIME_API}/2020-01-01/extension\`;
const server = createServer((request, response) => {
  if (request.method === "POST") console.log(name + " has telemetry");
  request.resume();
  response.end(name);
});
async function main() {
  await new Promise((resolve) => server.listen(${port}, "0.0.0.0", resolve));
  writeFileSync("/tmp/" + name, "of " + name);
  const body = JSON.stringify({ events: ["INVOKE", "SHUTDOWN"] });
  const registered = await fetch(api + "/register", { method: "POST", headers: { "lambda-extension-name": name }, body });
  const headers = { "lambda-extension-identifier": registered.headers.get("lambda-extension-identifier") };
  const subscription = {
    schemaVersion: "2022-12-13",
    types: ["platform"],
    destination: { protocol: "HTTP", URI: "http://sandbox.localdomain:${port}" },
    buffering: { timeoutMs: 25 },
  };
  const telemetry = api.replace("2020-01-01/extension", "2022-07-01/telemetry");
  await fetch(telemetry, { method: "PUT", headers, body: JSON.stringify(subscription) });
  for (;;) {
    const event = await (await fetch(api + "/event/next", { headers })).json();
    console.log(name + " was told " + event.eventType + " " + (event.shutdownReason ?? event.requestId));
    if (event.eventType === "SHUTDOWN") process.exit(0);
  }
}
main();
`;
}

/** An image with a runtime of its own and two external extensions, on the ports 9001 and 9002. */
export function buildExtendedRuntime() {
  return buildImage("extended-runtime", {
    "runtime.mjs": ownRuntime,
    first: extensionProgram(9001),
    second: extensionProgram(9002),
    Dockerfile: `FROM node:24-bookworm-slim
COPY runtime.mjs /var/runtime/
COPY first second /opt/extensions/
ENTRYPOINT ["node", "/var/runtime/runtime.mjs"]
`,
  });
}

/** An image with the runtime client of this repository. */
export function buildClientRuntime() {
  return buildImage("client-runtime", {}, (context) => {
    cpSync(fileURLToPath(new URL("function", import.meta.url)), context, { recursive: true });
    withRuntimeClient(context);
  });
}

/** Adds the runtime client of this repository, as `runtime-client`. */
export function withRuntimeClient(context: string): void {
  const bootstrap = createRequire(import.meta.url).resolve("@localemu/runtime-client/bootstrap");
  cpSync(dirname(bootstrap), join(context, "runtime-client"), { recursive: true });
}

/** Makes a function of an image, and waits until it is Active. */
export async function createImageFunction(
  lambda: LambdaClient,
  name: string,
  image: string,
  settings: Partial<CreateFunctionRequest> = {},
): Promise<FunctionConfiguration> {
  return createActiveFunction(lambda, name, { PackageType: "Image", Code: { ImageUri: image }, ...settings });
}

/** Makes a function, and waits until it is Active. */
export async function createActiveFunction(
  lambda: LambdaClient,
  name: string,
  settings: Partial<CreateFunctionRequest>,
): Promise<FunctionConfiguration> {
  const created = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Role: "arn:aws:iam::000000000000:role/any",
      Code: {},
      Timeout: 30,
      ...settings,
    }),
  );
  await waitUntilFunctionActiveV2(
    { client: lambda, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
    { FunctionName: name },
  );
  return created;
}

/** What the own runtime tells of its container. */
export interface Told {
  readonly instance: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly arguments: readonly string[];
  readonly directory: string;
}

export async function tell(lambda: LambdaClient, name: string): Promise<Told> {
  const told = await invoke(lambda, name, { action: "tell" });
  if (!isTold(told)) throw new Error(`not what the runtime tells: ${JSON.stringify(told)}`);
  return told;
}

function isTold(told: unknown): told is Told {
  return typeof told === "object" && told !== null && "instance" in told;
}

/** The containers of a function, also those that have ended. */
export async function containersOf(name: string) {
  const { container } = await getContainerRuntimeClient();
  return container.dockerode.listContainers({ all: true, filters: { label: [`localemu.function=${name}`] } });
}
