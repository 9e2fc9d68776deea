import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createClient } from "./kinesis-client.ts";

/** A server in a process of its own, which says `Ready.` when it listens. */
export interface ProcessUnderTest {
  readonly endpoint: string;
  /** Processor time that the process has used, in microseconds; undefined where the system does not tell. */
  cpuTime(): number | undefined;
  /** Resident memory, in MiB; undefined where the system does not tell. */
  residentMemory(): number | undefined;
  stop(): Promise<void>;
}

export type ServerName = "emulator" | "yardstick";

/** Other yardsticks. */
type OtherName = "pipe" | "bare runtime" | "fastify";

/** How a server is started that is to be measured. */
export interface Launch {
  /** What Node.js is given. */
  readonly args: (port: number) => readonly string[];
  /** Its environment: ours must not change what is measured. */
  readonly variables?: (port: number) => Readonly<Record<string, string>>;
  readonly directory?: string;
  /** It prints `Ready.`; another is ready as soon as it can be connected to. */
  readonly saysReady?: boolean;
}

const emulator = fileURLToPath(new URL("../../packages/emulator/dist/main.js", import.meta.url));
const yardstick = fileURLToPath(new URL("yardstick-server.mjs", import.meta.url));
const bareRuntime = fileURLToPath(new URL("bare-runtime.mjs", import.meta.url));
const pipe = fileURLToPath(new URL("pipe-server.mjs", import.meta.url));
const fastify = fileURLToPath(new URL("fastify-server.mjs", import.meta.url));

/** What the clock ticks of `/proc/<pid>/stat` are on every Linux, in microseconds. */
const tick = 10_000;

export function startServer(
  name: ServerName | OtherName,
  variables: Readonly<Record<string, string>> = {},
): Promise<ProcessUnderTest> {
  return launchServer({ ...launchOf(name), variables: () => variables });
}

export async function launchServer(launch: Launch): Promise<ProcessUnderTest> {
  const port = await freePort();
  const child = spawnServer(launch, port);
  await isListening(launch, child, port);
  return processUnderTest(child, port);
}

/** A server with a module of ours in its process. */
export interface AskedServer extends ProcessUnderTest {
  /** What the module answers. */
  ask(): Promise<number>;
}

/** Starts a server with a module that is loaded before it, and answers each message with a number. */
export async function launchAsked(launch: Launch, module: URL): Promise<AskedServer> {
  const port = await freePort();
  const child = spawnServer(launch, port, module);
  await isListening(launch, child, port);
  return {
    ...processUnderTest(child, port),
    async ask() {
      const answered = once(child, "message");
      child.send("");
      const [answer]: number[] = await answered;
      return answer ?? Number.NaN;
    },
  };
}

function processUnderTest(child: ChildProcess, port: number): ProcessUnderTest {
  return {
    endpoint: `http://127.0.0.1:${port}`,
    cpuTime: () => cpuTimeOf(child),
    residentMemory: () => residentMemoryOf(child),
    stop: () => end(child),
  };
}

export interface ColdStart {
  /** From spawning to the reply to the first call, in milliseconds. */
  readonly ms: number;
  /** Resident memory after that, in MiB. */
  readonly residentMemory: number | undefined;
}

/** Starts a server, makes a first call and ends it. */
export async function measureColdStart(launch: Launch): Promise<ColdStart> {
  const port = await freePort();
  const begin = performance.now();
  const child = spawnServer(launch, port);
  try {
    await isListening(launch, child, port);
    const client = createClient(`http://127.0.0.1:${port}`);
    await client.call("ListStreams", "{}");
    client.close();
    return { ms: performance.now() - begin, residentMemory: residentMemoryOf(child) };
  } finally {
    await end(child);
  }
}

/** One of our own servers. */
export function launchOf(name: ServerName | OtherName): Launch {
  const args = {
    emulator: (port: number) => [emulator, "start", "--port", String(port)],
    yardstick: (port: number) => [yardstick, String(port)],
    pipe: (port: number) => [pipe, String(port)],
    fastify: (port: number) => [fastify, String(port)],
    "bare runtime": (port: number) => [bareRuntime, String(port)],
  };
  return { args: args[name], saysReady: true };
}

function spawnServer(launch: Launch, port: number, module?: URL): ChildProcess {
  const { args, variables, directory, saysReady = false } = launch;
  return spawn(process.execPath, [...(module === undefined ? [] : ["--import", module.href]), ...args(port)], {
    env: variables?.(port) ?? {},
    stdio: ["ignore", saysReady ? "pipe" : "ignore", "inherit", ...(module === undefined ? [] : ["ipc" as const])],
    ...(directory !== undefined && { cwd: directory }),
  });
}

/** How often a server is tried that does not say when it is ready, milliseconds. */
const connectEveryMs = 3;
/** How long it may take, milliseconds. */
const longestStartMs = 30_000;

async function isListening({ saysReady = false }: Launch, child: ChildProcess, port: number): Promise<void> {
  if (saysReady) return isReady(child);
  const until = performance.now() + longestStartMs;
  while (child.exitCode === null && child.signalCode === null && performance.now() < until) {
    const socket = connect(port, "127.0.0.1");
    const connected = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, connectEveryMs));
  }
  child.kill();
  throw new Error(`the server was not ready in time: exit code ${String(child.exitCode)}`);
}

async function isReady(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error("the server has no output");
  for await (const line of createInterface(child.stdout)) if (line === "Ready.") return;
  throw new Error(`the server ended before it was ready: exit code ${String(child.exitCode)}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  await exited;
}

/** Free a moment ago: nobody else asks for ports while the benchmark runs. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

function cpuTimeOf({ pid }: ChildProcess): number | undefined {
  if (process.platform !== "linux" || pid === undefined) return undefined;
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tick;
}

function residentMemoryOf({ pid }: ChildProcess): number | undefined {
  if (process.platform !== "linux" || pid === undefined) return undefined;
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return match === null ? undefined : Number(match[1]) / 1024;
}
