import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the field uses, in the versions that the figures of the documentation are of. */
const peers = {
  "lambda-local": "2.2.0",
  osls: "3.77.1",
  "serverless-offline": "14.8.2",
} as const;

const directory = fileURLToPath(new URL("../../../.cache/bench-peers", import.meta.url));
const project = fileURLToPath(new URL("project/", import.meta.url));
const handlers = fileURLToPath(new URL("../function/invoke.mjs", import.meta.url));

/**
 * Installs the peers beside the repository's build artefacts, where they are found again by the next run. They are no
 * dependencies of the repository: hundreds of packages that only this benchmark needs. Throws when npm cannot install them.
 */
export function installPeers(): string {
  mkdirSync(directory, { recursive: true });
  const manifest = JSON.stringify({ private: true, type: "module", dependencies: peers });
  const path = join(directory, "package.json");
  if (
    !existsSync(path) ||
    readFileSync(path, "utf8") !== manifest ||
    !existsSync(join(directory, "package-lock.json"))
  ) {
    writeFileSync(path, manifest);
    const args = ["install", "--legacy-peer-deps", "--no-audit", "--no-fund", "--silent"];
    execFileSync("npm", args, { cwd: directory, stdio: ["ignore", "inherit", "inherit"] });
  }
  cpSync(project, directory, { recursive: true });
  cpSync(handlers, join(directory, "invoke.mjs"));
  return directory;
}
