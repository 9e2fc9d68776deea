import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Generation } from "./case.ts";
import type { Client } from "./observe.ts";

/** The newest of either generation. Both build native code: cmake, g++, make, python3, xz; the older one autoconf, automake, libtool too. */
const VERSIONS: Readonly<Record<Generation, string>> = { 3: "3.3.0", 4: "4.0.2" };

export function ourClient(generation: Generation): Client {
  const bootstrap = createRequire(import.meta.url).resolve("@localemu/runtime-client/bootstrap");
  return { generation, directory: dirname(bootstrap), start: `await import(${JSON.stringify(bootstrap)});` };
}

/** AWS's client, installed into a folder of its own: it is no dependency of anything. */
export function officialClient(generation: Generation): Client {
  const version = VERSIONS[generation];
  const directory = join(tmpdir(), `localemu-aws-lambda-ric-${version}-node-${process.versions.modules}`);
  const installed = join(directory, "node_modules", "aws-lambda-ric");
  const entry = generation === 4 ? join(installed, "index.mjs") : join(installed, "dist", "index.mjs");
  if (!existsSync(entry)) {
    process.stdout.write(`Installing aws-lambda-ric ${version} into ${directory}\n`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      join(directory, "package.json"),
      JSON.stringify({ private: true, allowScripts: { "aws-lambda-ric": true } }),
    );
    execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", `aws-lambda-ric@${version}`], {
      cwd: directory,
      env: { ...process.env, ...ownHeaders() },
      stdio: "inherit",
    });
  }
  // AWS's own programs start the older one in this way.
  const start =
    generation === 4
      ? `await import(${JSON.stringify(entry)});`
      : `const { run } = await import(${JSON.stringify(entry)});
await run(process.env.LAMBDA_TASK_ROOT, process.env._HANDLER);`;
  return { generation, directory: realpathSync(installed), start };
}

/** Native code is built against the headers that this Node.js brought, where it has any: they need not be fetched. */
function ownHeaders(): Readonly<Record<string, string>> {
  const directory = join(dirname(process.execPath), "..");
  return existsSync(join(directory, "include", "node", "node.h")) ? { npm_config_nodedir: directory } : {};
}
