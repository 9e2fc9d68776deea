import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { officialClient } from "../differential/clients.ts";
import { freePort } from "./process-under-test.ts";
import type { Launch } from "./process-under-test.ts";

/** Other programs that run Lambda functions, as npm has them. `osls` is the Serverless Framework 3 that needs no account. */
const packages = {
  osls: "3.77.1",
  "serverless-offline": "14.8.2",
  "lambda-local": "2.2.0",
  "serverless-offline-kinesis": "6.2.3",
  kinesalite: "3.3.3",
};

const handler = fileURLToPath(new URL("function/index.mjs", import.meta.url));

/** A program that answers invocations over HTTP. */
export interface Peer extends AsyncDisposable {
  readonly endpoint: string;
  /** Where the function of this number is invoked. */
  path(index: number): string;
}

/** What was installed to compare with. */
export interface FunctionPeers {
  /** Where the other programs are. */
  readonly directory: string;
  /** A program that is AWS's own runtime client for Node.js; undefined where it could not be built. */
  readonly officialClient: string | undefined;
}

/** Installs the peers in the system's directory for temporary files, once. Says what cannot be had. */
export function installPeers(): FunctionPeers | undefined {
  const directory = tryTo("serverless-offline, serverless-offline-kinesis and lambda-local", installPrograms);
  return directory === undefined
    ? undefined
    : { directory, officialClient: tryTo("aws-lambda-ric", () => writeOfficialClient(directory)) };
}

function tryTo<Value>(names: string, install: () => Value): Value | undefined {
  try {
    return install();
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    process.stderr.write(`No ratios to ${names}: npm could not install them (${reason}).\n`);
    return undefined;
  }
}

function writeOfficialClient(directory: string): string {
  const file = join(directory, "official-client.mjs");
  writeFileSync(file, officialClient(4).start);
  return file;
}

function installPrograms(): string {
  const directory = join(tmpdir(), "localemu-bench-peers");
  const manifest = JSON.stringify({ private: true, dependencies: packages });
  const file = join(directory, "package.json");
  const installed = join(directory, "installed.json");
  if (existsSync(installed) && readFileSync(installed, "utf8") === manifest) return directory;
  mkdirSync(directory, { recursive: true });
  writeFileSync(file, manifest);
  const options = ["install", "--legacy-peer-deps", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  execFileSync("npm", options, { cwd: directory, stdio: ["ignore", 2, 2] });
  writeFileSync(installed, manifest);
  return directory;
}

/** serverless-offline with so many functions, each of which runs in a worker thread. */
export async function startServerlessOffline(directory: string, functions: number): Promise<Peer> {
  const names = Array.from({ length: functions }, (_, index) => `e${index}`);
  const { lambdaPort, stop } = await startService(directory, "service", {
    plugins: ["serverless-offline"],
    functions: Object.fromEntries(names.map((name) => [name, { handler: "handler.handler" }])),
  });
  return {
    endpoint: `http://127.0.0.1:${lambdaPort}`,
    path: (index) => `/2015-03-31/functions/bench-dev-e${index}/invocations`,
    [Symbol.asyncDispose]: stop,
  };
}

/** Kinesalite, in the same folder. */
export function kinesaliteLaunch(directory: string): Launch {
  const program = join(directory, "node_modules/kinesalite/cli.js");
  return { args: (port) => [program, "--port", String(port), "--createStreamMs", "0"] };
}

/** serverless-offline-kinesis, which brings the records of a stream that is there to a function, from the oldest, 100 at most at a time. */
export async function startServerlessOfflineKinesis(
  directory: string,
  { endpoint, stream, variables }: { endpoint: string; stream: string; variables: Readonly<Record<string, string>> },
): Promise<AsyncDisposable> {
  const arn = `arn:aws:kinesis:us-east-1:000000000000:stream/${stream}`;
  const event = { type: "kinesis", arn, batchSize: 100, startingPosition: "TRIM_HORIZON" };
  const { stop } = await startService(directory, "stream-service", {
    plugins: ["serverless-offline-kinesis", "serverless-offline"],
    variables,
    options: {
      "serverless-offline-kinesis": {
        apiVersion: "2013-12-02",
        endpoint,
        region: "us-east-1",
        accessKeyId: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: "secret",
      },
    },
    functions: { mapped: { handler: "handler.handler", events: [{ stream: event }] } },
  });
  return { [Symbol.asyncDispose]: stop };
}

interface Service {
  readonly plugins: readonly string[];
  readonly functions: Readonly<Record<string, unknown>>;
  /** What plugins are told beside serverless-offline. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Of the functions. */
  readonly variables?: Readonly<Record<string, string>>;
}

async function startService(directory: string, name: string, service: Service) {
  const { plugins, functions, options = {}, variables = {} } = service;
  const folder = join(directory, name);
  mkdirSync(folder, { recursive: true });
  cpSync(handler, join(folder, "handler.mjs"));
  const [lambdaPort, httpPort, websocketPort, albPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const offline = { lambdaPort, httpPort, websocketPort, albPort, noTimeout: true };
  const settings = { runtime: "nodejs20.x", region: "us-east-1", stage: "dev", timeout: 30 };
  const config = {
    service: "bench",
    frameworkVersion: "3",
    configValidationMode: "off",
    provider: { name: "aws", ...settings, environment: variables },
    plugins,
    custom: { "serverless-offline": offline, ...options },
    functions,
  };
  writeFileSync(join(folder, "serverless.json"), JSON.stringify(config));
  const program = join(directory, "node_modules/osls/bin/serverless.js");
  const stop = await start([program, "offline", "start"], folder, /\[http for lambda\] listening/);
  return { lambdaPort, stop };
}

/** lambda-local, which runs a function in its own process. */
export async function startLambdaLocal(directory: string): Promise<Peer> {
  const port = await freePort();
  const program = join(directory, "node_modules/lambda-local/build/cli.js");
  // It does not serve handlers that are ES modules.
  const file = join(directory, "handler.cjs");
  writeFileSync(file, "exports.handler = async () => ({ ok: true });");
  const options = ["--lambda-path", file, "--handler", "handler", "--watch", String(port)];
  const stop = await start([program, ...options], directory, /listening on/);
  return { endpoint: `http://127.0.0.1:${port}`, path: () => "/", [Symbol.asyncDispose]: stop };
}

/** Resolves when the program has said that it is ready; gives what ends it. */
async function start(args: readonly string[], cwd: string, ready: RegExp): Promise<() => Promise<void>> {
  const env = { PATH: process.env["PATH"], HOME: cwd, SLS_TELEMETRY_DISABLED: "1", SLS_NOTIFICATIONS_MODE: "off" };
  const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit");
  const said: string[] = [];
  await Promise.race([
    new Promise<void>((resolve) => {
      for (const output of [child.stdout, child.stderr]) {
        createInterface(output).on("line", (line) => {
          if (said.length < 50) said.push(line);
          if (ready.test(line)) resolve();
        });
      }
    }),
    exited.then(() => {
      throw new Error(`a peer ended before it was ready:\n${said.join("\n")}`);
    }),
  ]);
  return async () => {
    child.kill("SIGKILL");
    await exited;
  };
}
