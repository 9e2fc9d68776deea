import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { launchOf } from "./process-under-test.ts";
import type { Launch } from "./process-under-test.ts";

/** What takes part in a comparison: LocalEmu, what can be had, and what a store costs at least. */
export type PeerName = "LocalEmu" | "kinesalite" | "kinesis-local" | "minimal store";

export interface Peers extends AsyncDisposable {
  readonly launches: ReadonlyMap<PeerName, Launch>;
}

/** The versions that are compared with; not dependencies, for nothing but the benchmark needs them. */
const packages = ["kinesalite@3.3.3", "kinesis-local@0.6.2"];
const minimalStore = fileURLToPath(new URL("minimal-store.mjs", import.meta.url));
/** More than any measurement makes. */
const manyShards = "100000";

/** Fetches the peers from npm into a folder of their own, which goes with the answer. Where they cannot be had, says so. */
export async function fetchPeers(): Promise<Peers> {
  const directory = await mkdtemp(join(tmpdir(), "localemu-bench-peers-"));
  const launches = new Map<PeerName, Launch>([
    ["LocalEmu", { args: launchOf("emulator").args }],
    ["minimal store", { args: (port) => [minimalStore, String(port)] }],
  ]);
  try {
    const options = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional"];
    await promisify(execFile)("npm", ["install", "--prefix", directory, ...options, ...packages], { cwd: directory });
    const modules = join(directory, "node_modules");
    launches.set("kinesalite", {
      args: (port) => [join(modules, "kinesalite/cli.js"), "--port", String(port), "--shardLimit", manyShards],
    });
    launches.set("kinesis-local", {
      args: () => ["main.js"],
      directory: join(modules, "kinesis-local"),
      variables: (port) => ({
        KINESIS_MOCK_PLAIN_PORT: String(port),
        // Any that is free.
        KINESIS_MOCK_TLS_PORT: "0",
        SHARD_LIMIT: manyShards,
        LOG_LEVEL: "ERROR",
      }),
    });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    process.stderr.write(`No ratios to ${packages.join(" and ")}: npm could not fetch them (${reason}).\n`);
  }
  return { launches, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}

/** The same, but their streams are ACTIVE at once, for those who make a thousand. */
export function withoutLatency(name: PeerName, launch: Launch): Launch {
  if (name === "kinesalite") return { ...launch, args: (port) => [...launch.args(port), "--createStreamMs", "0"] };
  if (name !== "kinesis-local") return launch;
  return { ...launch, variables: (port) => ({ ...launch.variables?.(port), CREATE_STREAM_DURATION: "1ms" }) };
}
