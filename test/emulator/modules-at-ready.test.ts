import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { KinesisClient, ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = fileURLToPath(new URL("../../packages/emulator/dist/main.js", import.meta.url));
const listModules = new URL("list-modules.mjs", import.meta.url).href;

/** The largest that everything which is loaded before `Ready.` may be together. */
const largestEntry = 150 * 1024;

interface Loaded {
  /** Names of our files, without the hash of their content. */
  readonly files: readonly string[];
  /** The source files that were bundled into them, relative to `src`. */
  readonly sources: readonly string[];
  readonly bytes: number;
  readonly builtIns: readonly string[];
}

let emulator: ChildProcess;
let endpoint: string;
let atReady: Loaded;

beforeAll(async () => {
  emulator = fork(main, ["start", "--port", "0"], { env: {}, execArgv: ["--import", listModules], silent: true });
  endpoint = await whenReady(emulator);
  atReady = await loadedBy(emulator);
});

afterAll(async () => {
  const exited = once(emulator, "exit");
  emulator.kill("SIGTERM");
  await exited;
});

test("before it is ready, the emulator loads no service, no schema and no Lambda runtime", () => {
  expect(new Set(atReady.files)).toEqual(new Set(["main.js", "chunk.js"]));
  const known = atReady.sources.filter((source) => !/^(control|core|gateway|protocols)\/|^[^/]+$/.test(source));
  expect(new Set(known)).toEqual(
    new Set([
      // Which world a request for SQS belongs to stands in its queue's URL.
      "services/messaging/queue-url.ts",
      // What a world keeps: nothing, without a data directory.
      "storage/document-store.ts",
      "storage/keeping.ts",
      "storage/kept-clock.ts",
    ]),
  );
  expect(atReady.sources).toContain("main.ts");
});

test("what it loads is small, and few files", () => {
  expect(atReady.bytes).toBeLessThan(largestEntry);
  expect(atReady.files.length).toBeLessThan(5);
});

test("modules of Node.js that are slow to load wait until they are needed", () => {
  expect(atReady.builtIns).toContain("NativeModule net");
  expect(atReady.builtIns.filter((name) => /undici|http2|tls|sqlite|worker_threads/.test(name))).toEqual([]);
});

const settings = {
  region: "us-east-1",
  credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" },
};

test("the first call of a service loads that service alone", async () => {
  const kinesis = new KinesisClient({ endpoint, ...settings });
  await kinesis.send(new ListStreamsCommand());
  kinesis.destroy();
  const after = await loadedBy(emulator);
  const added = after.sources.filter((source) => !atReady.sources.includes(source));
  const services = added.flatMap((source) => /^services\/([^/]+)\//.exec(source)?.[1] ?? []);
  expect(new Set(services)).toEqual(new Set(["kinesis"]));
  expect(added.filter((source) => source.includes("lambda"))).toEqual([]);
  // The SDK's default client speaks HTTP/2.
  expect(after.builtIns).toContain("NativeModule http2");
});

test("the first call of queues loads no compression, which objects need", async () => {
  const sqs = new SQSClient({ endpoint, ...settings });
  await sqs.send(new ListQueuesCommand());
  sqs.destroy();
  const after = await loadedBy(emulator);
  expect(after.sources).toContain("services/messaging/serve.ts");
  expect(after.builtIns).not.toContain("NativeModule zlib");
});

async function whenReady(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("the emulator has no output");
  let found = "";
  for await (const line of createInterface(child.stdout)) {
    found = / listens on (.*)$/.exec(line)?.[1] ?? found;
    if (line === "Ready.") return found;
  }
  throw new Error("the emulator ended before it was ready");
}

async function loadedBy(child: ChildProcess): Promise<Loaded> {
  const answered = once(child, "message");
  child.send("list");
  const [answer]: { files: string[]; builtIns: string[] }[] = await answered;
  if (answer === undefined) throw new Error("the emulator's process did not answer");
  const paths = answer.files.map((url) => fileURLToPath(url)).filter((path) => path !== fileURLToPath(listModules));
  return {
    files: paths.map((path) => basename(path).replace(/-[A-Z0-9]{8}\.js$/, ".js")),
    sources: paths.flatMap(sourcesOf),
    bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0),
    builtIns: answer.builtIns,
  };
}

/** The bundler names each source file in a comment before what it made of it; those of packages begin with `../`. */
function sourcesOf(bundle: string): string[] {
  return [...readFileSync(bundle, "utf8").matchAll(/^\/\/ (?:src\/|(?=\.\.\/))(\S+)$/gm)].flatMap(
    ([, source]) => source ?? [],
  );
}
