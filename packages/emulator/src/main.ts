#!/usr/bin/env node
import { DataError } from "./core/data-error.ts";
import { startEmulator } from "./index.ts";
import type { Emulator, EmulatorOptions } from "./index.ts";
import { OptionError, optionFromText, optionsFromEnvironment } from "./options.ts";
import { version } from "./version.ts";

const usage = `LocalEmu ${version}: an AWS emulator for testing stream processing

  localemu start [--port <port>] [--host <address>] [--data-dir <path>]
                                          runs the emulator in the foreground
  localemu timeline [--by-shard] <file>   shows a saved timeline; - is standard input
  localemu --version                      prints the version
  localemu --help                         prints this

Options can be given as environment variables too, e.g. LOCALEMU_PORT=4566.
A timeline is what GET /_localemu/timeline answers.
`;

/** Ports that are given nowhere else. */
const defaultPort = 4566;

/** The image has it, for volumes to be mounted on. */
const imageDataDirectory = "/var/lib/localemu";

/** How long a stop may take before functions are killed and the process exits anyway, in milliseconds. */
const stopLimitMs = 1800;

/** How often a child of npm looks for its parent, in milliseconds. */
const parentWatchMs = 250;

async function main(args: readonly string[]): Promise<void> {
  const [command, ...rest] = args;
  if (command === "--version" || command === "-v") return print(version);
  if (command === undefined || args.includes("--help") || args.includes("-h")) return print(usage.trimEnd());
  if (command === "timeline") return showTimeline(rest);
  if (command !== "start") throw new OptionError(`unknown command ${command}; see localemu --help`);
  const options = {
    port: defaultPort,
    ...persistenceOf(process.env["PERSISTENCE"]),
    ...optionsFromEnvironment(process.env),
    ...optionsFromArguments(rest),
  };
  await warnOfRetiredVariables();
  const emulator = await startEmulator(options);
  stopOnSignals(emulator);
  print(`LocalEmu ${version} listens on ${emulator.endpoint}`);
  print("Ready.");
}

/** LocalStack's switch, which names no directory. */
function persistenceOf(text = ""): EmulatorOptions {
  if (text === "" || text === "0" || text === "false") return {};
  if (text !== "1" && text !== "true") throw new OptionError(`PERSISTENCE must be 1 or 0, not ${JSON.stringify(text)}`);
  return {
    dataDir: process.getBuiltinModule("node:fs").existsSync(imageDataDirectory) ? imageDataDirectory : ".localemu",
  };
}

/** Says in a line of each variable that LocalStack knows and that has no effect here. */
async function warnOfRetiredVariables(): Promise<void> {
  if (!Object.keys(process.env).some((name) => /^(KINESIS_|SYNCHRONOUS_|LAMBDA_|EDGE_|USE_SSL|DEFAULT_)/.test(name)))
    return;
  const { retiredVariables } = await import("./command-line/retired-variables.ts");
  for (const warning of retiredVariables(process.env)) process.stderr.write(`localemu: ${warning}\n`);
}

/** Loaded on demand: a start needs none of it. */
async function showTimeline(args: readonly string[]): Promise<void> {
  const { timelineCommand } = await import("./command-line/timeline-command.ts");
  const shown = await timelineCommand(args, process.stdin);
  process.stdout.on("error", (error) => {
    // Whoever read the output has seen enough: `localemu timeline <file> | head`.
    if ("code" in error && error.code === "EPIPE") return;
    complain(error);
    process.exitCode = 1;
  });
  process.stdout.write(shown);
}

const argumentNames: { readonly [argument: string]: keyof EmulatorOptions } = {
  "--port": "port",
  "--host": "host",
  "--data-dir": "dataDir",
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

/** SIGTERM and SIGINT stop the emulator; a stop that takes too long is cut short, and no function's process is left behind. */
function stopOnSignals(emulator: Emulator): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    const exit = (code: number): void => {
      emulator.killFunctions();
      process.exit(code);
    };
    setTimeout(() => exit(1), stopLimitMs).unref();
    emulator.stop().then(
      () => exit(0),
      (error: unknown) => {
        complain(error);
        exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  if (process.env["npm_lifecycle_event"] !== undefined) whenParentIsGone(stop);
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

function complain(error: unknown): void {
  process.stderr.write(`localemu: ${describe(error)}\n`);
}

function describe(error: unknown): string {
  if (error instanceof OptionError || error instanceof DataError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "EADDRINUSE") {
    return `${error.message}: another program listens there; choose another port with --port or LOCALEMU_PORT (0 for any free one)`;
  }
  return "code" in error && typeof error.code === "string" ? error.message : (error.stack ?? error.message);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  complain(error);
  process.exitCode = 1;
});
