/**
 * Invocations beside the least that they can cost and beside what the field uses: `npm run bench:invokes [-- --quick]`. It
 * installs the peers on its first run.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { zipSync } from "fflate";
import { createFunction, lambdaClient } from "./functions.ts";
import { createClient } from "./kinesis-client.ts";
import type { Client } from "./kinesis-client.ts";
import type { Sample } from "./metrics.ts";
import { installPeers } from "./peers/install.ts";
import { end, freePort, startServer } from "./process-under-test.ts";
import { report } from "./report.ts";
import { callsPerSecond, median } from "./statistics.ts";

/** What can be invoked: the functions `echo-0` to `echo-7`, and `stream-0` where it streams. */
interface Target extends AsyncDisposable {
  readonly name: string;
  readonly client: Client;
  readonly endpoint: string;
  readonly functionName: (name: string) => string;
}

const zip = zipSync({ "invoke.mjs": readFileSync(new URL("function/invoke.mjs", import.meta.url)) });
const echoes = Array.from({ length: 8 }, (_, index) => `echo-${index}`);

async function startLocalEmu(): Promise<Target> {
  const server = await startServer("emulator");
  const lambda = lambdaClient(server.endpoint);
  for (const name of echoes) await createFunction(lambda, name, {}, { ZipFile: zip, Handler: "invoke.echo" });
  await createFunction(lambda, "stream-0", {}, { ZipFile: zip, Handler: "invoke.stream" });
  lambda.destroy();
  return targetOf(
    "LocalEmu",
    server.endpoint,
    (name) => name,
    () => server.stop(),
  );
}

async function startBareRuntime(): Promise<Target> {
  const server = await startServer("bareRuntime");
  return targetOf(
    "bare runtime API",
    server.endpoint,
    (name) => name,
    () => server.stop(),
  );
}

async function startServerlessOffline(directory: string): Promise<Target> {
  const ports = [await freePort(), await freePort(), await freePort(), await freePort()].map(String);
  const [LAMBDA_PORT = "", HTTP_PORT = "", WEBSOCKET_PORT = "", ALB_PORT = ""] = ports;
  const child = spawn(process.execPath, [join(directory, "node_modules/osls/bin/serverless.js"), "offline", "start"], {
    cwd: directory,
    env: { PATH: process.env["PATH"], LAMBDA_PORT, HTTP_PORT, WEBSOCKET_PORT, ALB_PORT, SLS_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    for (const output of [child.stdout, child.stderr]) {
      createInterface(output).on("line", (line) => {
        lines.push(line);
        if (/Server ready|listening on http/i.test(line)) resolve();
      });
    }
    child.once("exit", () => reject(new Error(`serverless-offline ended:\n${lines.join("\n")}`)));
  });
  return targetOf(
    "serverless-offline",
    `http://127.0.0.1:${LAMBDA_PORT}`,
    (name) => `bench-dev-${name}`,
    () => end(child),
  );
}

function targetOf(
  name: string,
  endpoint: string,
  functionName: Target["functionName"],
  stop: () => Promise<void>,
): Target {
  const client = createClient(endpoint);
  return {
    name,
    client,
    endpoint,
    functionName,
    async [Symbol.asyncDispose]() {
      client.close();
      await stop();
    },
  };
}

function invoke({ client, functionName }: Target, name: string, n: number): Promise<Buffer> {
  return client.post(`/2015-03-31/functions/${functionName(name)}/invocations`, `{"n":${n}}`);
}

/** From sending the request to the first byte of the body, in milliseconds. */
function firstByte({ endpoint }: Target): Promise<number> {
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const path = "/2021-11-15/functions/stream-0/response-streaming-invocations";
    const outgoing = request(`${endpoint}${path}`, { method: "POST" }, (incoming) => {
      let ms = Number.NaN;
      incoming.once("data", () => (ms = performance.now() - begin));
      incoming.on("end", () => resolve(ms));
      incoming.on("error", reject).resume();
    });
    outgoing.on("error", reject).end('{"n":1}');
  });
}

/** Takes a measurement of each target in turns, so often; gives the medians. */
async function inTurns(
  targets: readonly Target[],
  times: number,
  measure: (target: Target, turn: number) => Promise<number>,
): Promise<readonly number[]> {
  const found = targets.map((): number[] => []);
  for (let turn = 0; turn < times; turn++) {
    for (let step = 0; step < targets.length; step++) {
      const index = (turn + step) % targets.length;
      const target = targets[index];
      if (target !== undefined) found[index]?.push(await measure(target, turn));
    }
  }
  return found.map(median);
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await call();
  return performance.now() - begin;
}

/** The first target beside each of the others. */
function samplesOf(
  metric: string,
  unit: Sample["unit"],
  targets: readonly Target[],
  values: readonly number[],
): Sample[] {
  const [emulator = Number.NaN, ...others] = values;
  return others.map((yardstick, index) => ({
    metric,
    unit,
    emulator,
    against: targets[index + 1]?.name ?? "",
    yardstick,
  }));
}

/** lambda-local calls the handler in its own process: no runtime API, no isolation, no streaming. */
async function measureLambdaLocal(directory: string): Promise<number> {
  const child = spawn(process.execPath, [join(directory, "lambda-local.mjs"), String(calls)], {
    cwd: directory,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let written = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (written += text));
  await once(child, "close");
  const { warm }: { readonly warm: number } = JSON.parse(written);
  return warm;
}

async function measureRound(directory: string): Promise<Sample[]> {
  await using emulator = await startLocalEmu();
  await using bare = await startBareRuntime();
  await using offline = await startServerlessOffline(directory);
  const targets = [emulator, bare, offline];
  const cold = await inTurns(targets, echoes.length, (target, turn) =>
    timed(() => invoke(target, `echo-${turn}`, turn)),
  );
  await inTurns(targets, calls, (target, turn) => timed(() => invoke(target, "echo-0", turn)));
  const warm = await inTurns(targets, calls, (target, turn) => timed(() => invoke(target, "echo-0", turn)));
  const many = (count: number) =>
    inTurns(targets, 1, (target) => callsPerSecond((n) => invoke(target, "echo-0", n), { callers: 16, count }));
  await many(calls);
  const concurrent = await many(calls * 4);
  const streaming = [emulator, bare];
  await inTurns(streaming, calls / 10, firstByte);
  const first = await inTurns(streaming, calls / 5, firstByte);
  const [warmEmulator = Number.NaN] = warm;
  return [
    ...samplesOf("cold invoke, p50", "ms", targets, cold),
    ...samplesOf("warm invoke, p50", "ms", targets, warm),
    {
      metric: "warm invoke, p50",
      unit: "ms",
      emulator: warmEmulator,
      against: "lambda-local",
      yardstick: await measureLambdaLocal(directory),
    },
    ...samplesOf("16 callers", "calls/s", targets, concurrent),
    ...samplesOf("streamed response, first byte, p50", "ms", streaming, first),
  ];
}

const isQuick = process.argv.includes("--quick");
const calls = isQuick ? 300 : 1000;
const directory = installPeers();
const rounds: Sample[][] = [];
for (let round = 0; round < (isQuick ? 2 : 5); round++) rounds.push(await measureRound(directory));
report(rounds);
