import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const ownProject = new URL("./project/", import.meta.url);
const run = promisify(execFile);

/** One version of them belongs together. */
const ownVitest = ["vitest", "@vitest/coverage-v8"];

/** What a user has besides LocalEmu; taken from this repository, so that nothing is downloaded. */
const peers = [
  "typescript",
  "testcontainers",
  "fflate",
  "@types/node",
  "@aws-sdk/client-lambda",
  "@aws-sdk/client-kinesis",
  "@aws-sdk/client-s3",
  "@aws-sdk/client-sns",
  "@aws-sdk/client-sqs",
  "@aws-sdk/client-sts",
  "jest",
  "jest-environment-node",
  "expect",
  "@jest/globals",
  "@types/jest",
];

export interface Packed {
  readonly name: string;
  readonly files: readonly { readonly path: string }[];
}

/** A project in a directory of its own, with the packed packages installed. */
export interface Installation extends AsyncDisposable {
  readonly directory: string;
  readonly packed: readonly Packed[];
  /** Runs a file of Node.js there, as its user would: `node <args>`. Rejects with what it wrote when it fails. */
  node(...args: readonly string[]): Promise<string>;
  /** The same with variables of its own, giving all that it wrote and its exit code. */
  run(variables: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Finished>;
  /** The same, going on until it is disposed of. */
  start(variables: Readonly<Record<string, string>>, ...args: readonly string[]): Started;
  /** Installs another package of this repository's. */
  add(name: string): void;
}

/** A process that runs. */
export interface Started extends AsyncDisposable {
  /** All that it has written up to the first match after the last one. Throws an Error with that when it ends before. */
  until(pattern: RegExp): Promise<string>;
}

export interface Finished {
  readonly code: number;
  readonly output: string;
}

/**
 * Copies a project, packs every package and installs the tarballs there as `npm install <tarballs>` does, without a network; or with
 * one, where it is to have another Vitest than this repository.
 */
export async function installPackages(
  project: URL = ownProject,
  { vitest }: { readonly vitest?: string } = {},
): Promise<Installation> {
  const directory = mkdtempSync(join(tmpdir(), "localemu-packages-"));
  const tarballs = join(directory, "tarballs");
  const modules = join(directory, "node_modules");
  mkdirSync(tarballs);
  const { stdout } = await npm(repository, "pack", "--workspaces", "--json", "--pack-destination", tarballs);
  const packed: readonly Packed[] = JSON.parse(stdout);
  cpSync(fileURLToPath(project), directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const files = readdirSync(tarballs).map((file) => join(tarballs, file));
  await npm(directory, "install", "--offline", "--legacy-peer-deps", "--no-audit", "--no-fund", ...files);
  if (vitest !== undefined) await addVitest(directory, vitest);
  const add = (name: string): void => {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(repository, "node_modules", name), join(modules, name), "junction");
  };
  for (const peer of vitest === undefined ? [...ownVitest, ...peers] : peers) add(peer);

  const node = async (...args: readonly string[]): Promise<string> =>
    (await run(process.execPath, args, { cwd: directory, env: environment() })).stdout;
  return {
    directory,
    packed,
    node,
    add,
    start: (variables, ...args) => start(directory, variables, args),
    run: (variables, ...args) =>
      new Promise((resolve) => {
        const options = { cwd: directory, env: { ...environment(), ...variables } };
        const child = execFile(process.execPath, args, options, (_, written, complained) =>
          resolve({ code: child.exitCode ?? -1, output: `${written}${complained}` }),
        );
      }),
    [Symbol.asyncDispose]: () => Promise.resolve(rmSync(directory, { recursive: true, force: true })),
  };
}

/** By itself, for npm would ask the registry for our packages again. */
async function addVitest(directory: string, version: string): Promise<void> {
  const own = join(directory, "other-vitest");
  mkdirSync(own);
  writeFileSync(join(own, "package.json"), JSON.stringify({ private: true }));
  await npm(own, "install", "--prefer-offline", "--legacy-peer-deps", "--no-audit", "--no-fund", `vitest@${version}`);
  symlinkSync(join(own, "node_modules", "vitest"), join(directory, "node_modules", "vitest"), "junction");
}

function start(cwd: string, variables: Readonly<Record<string, string>>, args: readonly string[]): Started {
  const child = spawn(process.execPath, args, { cwd, env: { ...environment(), ...variables } });
  const ended = once(child, "exit");
  let output = "";
  let seen = 0;
  let changed = Promise.withResolvers<boolean>();
  const tell = (goesOn: boolean): void => {
    changed.resolve(goesOn);
    if (goesOn) changed = Promise.withResolvers();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      tell(true);
    });
  }
  child.once("close", () => tell(false));
  return {
    async until(pattern) {
      for (;;) {
        const written = output.slice(seen);
        const match = pattern.exec(written);
        if (match !== null) {
          const end = match.index + match[0].length;
          seen += end;
          return written.slice(0, end);
        }
        if (!(await changed.promise)) throw new Error(`it ended without ${String(pattern)}:\n${output}`);
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}

function npm(cwd: string, ...args: readonly string[]): Promise<{ readonly stdout: string }> {
  return run("npm", args, { cwd, env: environment(), shell: process.platform === "win32" });
}

/** Without what npm and Vitest tell their children: the project must not see that it is part of a test. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|VITEST|NODE_OPTIONS$|NODE_ENV$|TEST$)/i.test(name),
  );
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  return { ...Object.fromEntries(kept), PATH: path, NO_COLOR: "1" };
}
