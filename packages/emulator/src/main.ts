#!/usr/bin/env node
import type { GivenEngine } from "./command-line/given-engine.ts";
import { createLog, writeToProcess } from "./core/log.ts";
import type { Log } from "./core/log.ts";
import { startEmulator } from "./index.ts";
import type { Emulator, EmulatorOptions } from "./index.ts";
import { OptionError, optionFromText, optionsFromEnvironment } from "./options.ts";
import { version } from "./version.ts";

/** Ports that are given nowhere else. */
const defaultPort = 4566;

/** The image has it, for volumes to be mounted on. */
const imageDataDirectory = "/var/lib/localemu";

/** Where the socket of a Docker engine is mounted into a container. */
const mountedSocket = "/var/run/docker.sock";

/** How long a stop waits for what functions are doing unless something else is said, in milliseconds. */
const defaultStopGraceMs = 1000;

/** How long a stop may take after that before functions are killed and the process exits anyway, in milliseconds. */
const stopLimitMs = 1800;

/** How often a child of npm looks for its parent, in milliseconds. */
const parentWatchMs = 250;

async function main(args: readonly string[]): Promise<void> {
  const [command, ...rest] = args;
  if (command === "--version" || command === "-v") return print(version);
  if (command === undefined || args.includes("--help") || args.includes("-h"))
    return print((await import("./command-line/usage.ts")).usage);
  if (command === "timeline") return showTimeline(rest);
  if (command !== "start") throw new OptionError(`unknown command ${command}; see localemu --help`);
  const engine = await engineOf(process.env);
  const options = {
    port: defaultPort,
    logLevel: "info" as const,
    stopGraceMs: defaultStopGraceMs,
    ...(await localStackLogLevel()),
    ...persistenceOf(process.env["PERSISTENCE"]),
    ...engine.options,
    ...optionsFromEnvironment(process.env),
    ...optionsFromArguments(rest),
  };
  const log = createLog({
    level: options.logLevel,
    format: options.logFormat ?? "text",
    now: Date.now,
    write: writeToProcess,
  });
  goOnUnread();
  if (engine.warning !== undefined) log.warn(engine.warning);
  await warnOfRetiredVariables(log);
  await assertWritable(options.workDirectory);
  const emulator = await startEmulator(options);
  // However it comes to its end.
  process.on("exit", () => emulator.killFunctions());
  stopOnSignals(emulator, log, options.stopGraceMs + stopLimitMs);
  const { endpoint, port } = emulator;
  log.info(`LocalEmu ${version} listens on ${endpoint}`, { version, endpoint, port });
  log.info("Ready.");
}

/** Whoever read the output may have seen enough: `localemu start | head`. */
function goOnUnread(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error) => {
      if (!("code" in error && error.code === "EPIPE")) throw error;
    });
  }
}

/** LocalStack's variables for the same; nothing is loaded where there are none. */
async function localStackLogLevel(): Promise<EmulatorOptions> {
  const { DEBUG, LS_LOG } = process.env;
  if (DEBUG === undefined && LS_LOG === undefined) return {};
  return (await import("./command-line/local-stack-log-level.ts")).localStackLogLevel(DEBUG, LS_LOG);
}

/** Throws OptionError where the directory for functions cannot be had. */
async function assertWritable(directory: string | undefined): Promise<void> {
  if (directory === undefined) return;
  const { assertWritableDirectory } = await import("./command-line/writable-directory.ts");
  await assertWritableDirectory("LOCALEMU_TMPDIR", directory);
}

/** LocalStack's switch, which names no directory. */
function persistenceOf(text = ""): EmulatorOptions {
  if (text === "" || text === "0" || text === "false") return {};
  if (text !== "1" && text !== "true") throw new OptionError(`PERSISTENCE must be 1 or 0, not ${JSON.stringify(text)}`);
  return { dataDir: isInImage() ? imageDataDirectory : ".localemu" };
}

/** A Docker engine that is there to be used, unless `LOCALEMU_DOCKER` says so or the contrary. */
async function engineOf(variables: Readonly<Record<string, string | undefined>>): Promise<GivenEngine> {
  const { LOCALEMU_DOCKER: told = "", DOCKER_HOST: host = "" } = variables;
  const isGiven = host !== "" || (isInImage() && process.getBuiltinModule("node:fs").existsSync(mountedSocket));
  if (told !== "" || !isGiven) return { options: {} };
  return (await import("./command-line/given-engine.ts")).givenEngine(variables, mountedSocket);
}

function isInImage(): boolean {
  return process.getBuiltinModule("node:fs").existsSync(imageDataDirectory);
}

/** Says in a line of each variable that LocalStack knows and that has no effect here. */
async function warnOfRetiredVariables(log: Log): Promise<void> {
  if (!Object.keys(process.env).some((name) => /^(KINESIS_|SYNCHRONOUS_|LAMBDA_|EDGE_|USE_SSL|DEFAULT_)/.test(name)))
    return;
  const { retiredVariables } = await import("./command-line/retired-variables.ts");
  for (const warning of retiredVariables(process.env)) log.warn(warning);
}

/** Loaded on demand: a start needs none of it. */
async function showTimeline(args: readonly string[]): Promise<void> {
  const { timelineCommand } = await import("./command-line/timeline-command.ts");
  const shown = await timelineCommand(args, process.stdin);
  process.stdout.on("error", (error) => {
    // Whoever read the output has seen enough: `localemu timeline <file> | head`.
    if ("code" in error && error.code === "EPIPE") return;
    void fail(error);
  });
  process.stdout.write(shown);
}

const argumentNames: { readonly [argument: string]: keyof EmulatorOptions } = {
  "--port": "port",
  "--host": "host",
  "--data-dir": "dataDir",
  "--log-level": "logLevel",
  "--log-format": "logFormat",
};

function optionsFromArguments(args: readonly string[]): EmulatorOptions {
  let options: EmulatorOptions = {};
  for (let index = 0; index < args.length; index += 2) {
    const [argument = "", value] = args.slice(index, index + 2);
    const name = argumentNames[argument];
    if (name === undefined) throw new OptionError(`unknown option ${argument}; see localemu --help`);
    if (value === undefined) throw new OptionError(`option ${argument} needs a value`);
    options = { ...options, ...optionFromText(`option ${argument}`, name, value) };
  }
  return options;
}

/**
 * SIGTERM and SIGINT stop the emulator; a stop that takes too long is cut short, and so is one by a second signal. No function's
 * process is left behind.
 */
function stopOnSignals(emulator: Emulator, log: Log, limitMs: number): void {
  let stopping = false;
  const cutShort = (why: string): void => {
    log.error(why);
    process.exit(1);
  };
  const stop = (): void => {
    stopping = true;
    setTimeout(() => cutShort(`the stop took longer than ${limitMs} ms and was cut short`), limitMs).unref();
    emulator.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
        process.exit(1);
      },
    );
  };
  const onSignal = (): void => {
    if (stopping) cutShort("the stop was cut short by a second signal");
    else stop();
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  if (process.env["npm_lifecycle_event"] !== undefined) {
    whenParentIsGone(() => {
      if (!stopping) stop();
    });
  }
}

/** npm runs a script in a shell that keeps signals to itself: when it is ended, all that its child sees is another parent. */
function whenParentIsGone(stop: () => void): void {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop();
  }, parentWatchMs);
  watch.unref();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Loaded on demand, as nothing should go wrong. */
async function fail(error: unknown): Promise<void> {
  const { exitCodeOf, tellFailure } = await import("./command-line/failure.ts");
  tellFailure(error, process.argv, process.env);
  process.exitCode = exitCodeOf(error);
}

main(process.argv.slice(2)).catch(fail);
