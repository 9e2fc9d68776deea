import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Options } from "tsup";

/**
 * How fauxqs gets into the emulator: it is taken from node_modules as it is and adapted while it is bundled (tsup) or
 * loaded by the unit tests (Vitest), by the same two functions. Nothing of it is committed.
 *
 * - `localemu:fauxqs` is `buildApp` and the stores, which the package does not export.
 * - In its own files, and in those of the cache that it keeps time with, the clock of the current world stands for the platform's.
 * - Its web framework is a table of routes; what only its stand-alone server needs is left out.
 */
const messaging = fileURLToPath(new URL("../src/services/messaging/", import.meta.url));
const worldTime = join(messaging, "world-time.ts");
const routeTable = join(messaging, "route-table.ts");

const fauxqs = distOf("fauxqs", import.meta.url);
const toadCache = distOf("toad-cache", join(fauxqs, "app.js"));
const entry = join(fauxqs, "localemu-entry.js");

const entryCode = `
export { buildApp } from "./app.js";
export { SqsStore } from "./sqs/sqsStore.js";
export { SnsStore } from "./sns/snsStore.js";
export { S3Store } from "./s3/s3Store.js";
`;

/** Imports of app.js that only its stand-alone server uses: configuration files, SQLite, files, DNS, the message spy. */
const serverOnly =
  /^(?:import|export) \{[^}]*\} from "\.\/(?:initConfig|persistence|s3\/fileS3Persistence|localhost|spy)\.js";$/gm;

const unsubscribeUrl = "`https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe";

/** The file that `specifier` stands for in `importer`, where it is one of those that are exchanged. */
export function resolveFauxqs(specifier: string, importer: string | undefined): string | undefined {
  if (specifier === "localemu:fauxqs") return entry;
  if (specifier === "fastify" && importer !== undefined && isUnder(fauxqs, importer)) return routeTable;
  return undefined;
}

/** The adapted source of `file`, or undefined where it is none of fauxqs'. */
export function loadFauxqs(file: string): string | undefined {
  if (resolve(file) === entry) return entryCode;
  if (!file.endsWith("js") || !(isUnder(fauxqs, file) || isUnder(toadCache, file))) return undefined;
  const names = "Date, setTimeout, clearTimeout, setInterval, clearInterval, callOrigin";
  const source = adapt(file, readFileSync(file, "utf8")).replace(/^\/\/# sourceMappingURL=.*$/m, "");
  return `import { ${names} } from ${JSON.stringify(worldTime)};\n${source}`;
}

function adapt(file: string, source: string): string {
  if (file === join(fauxqs, "app.js")) return replaced(file, source, serverOnly, "", 5);
  if (file === join(fauxqs, "sns", "actions", "publish.js"))
    return replaced(file, source, unsubscribeUrl, "`${callOrigin()}/?Action=Unsubscribe", 1);
  return source;
}

/** Another version of fauxqs must not slip through unadapted. */
function replaced(file: string, source: string, from: string | RegExp, to: string, times: number): string {
  const parts = source.split(from);
  if (parts.length !== times + 1)
    throw new Error(
      `${file} is not what it was: ${String(from)} was found ${parts.length - 1} times instead of ${times}`,
    );
  return parts.join(to);
}

function distOf(name: string, from: string): string {
  const manifest = findPackageJSON(name, from);
  if (manifest === undefined) throw new Error(`${name} is not installed`);
  return join(dirname(manifest), "dist");
}

function isUnder(folder: string, file: string): boolean {
  return file.startsWith(`${folder}/`) || file.startsWith(`${folder}\\`);
}

/** For tsup. */
export const bundleFauxqs: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "fauxqs",
  setup(build) {
    build.onResolve({ filter: /^(localemu:fauxqs|fastify)$/ }, ({ path, importer }) => {
      const file = resolveFauxqs(path, importer);
      return file === undefined ? undefined : { path: file };
    });
    build.onLoad({ filter: /[\\/](fauxqs|toad-cache)[\\/]dist[\\/].*js$/ }, ({ path }) => {
      const contents = loadFauxqs(path);
      return contents === undefined ? undefined : { contents, loader: "js" };
    });
  },
};

/** For Vite; the two packages must also be inlined (`test.server.deps.inline`). */
export const fauxqsForTests = {
  name: "fauxqs",
  enforce: "pre" as const,
  resolveId: (specifier: string, importer: string | undefined) => resolveFauxqs(specifier, importer),
  load: (file: string) => loadFauxqs(file),
};

/** What Vitest must not leave to Node. */
export const fauxqsPackages = [/[\\/]node_modules[\\/]fauxqs[\\/]/, /[\\/]node_modules[\\/]toad-cache[\\/]/];
