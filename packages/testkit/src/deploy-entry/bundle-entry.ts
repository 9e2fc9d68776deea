import { createRequire } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** What esbuild is told besides what a deployment package always needs. */
export interface BundleSettings {
  readonly format: "esm" | "cjs";
  readonly external: readonly string[];
  readonly define: Readonly<Record<string, string>>;
  readonly loader: Readonly<Record<string, string>>;
  readonly tsconfig?: string;
}

/** A module with all that it imports. */
export interface Bundle {
  /** What it was made from, by absolute path. */
  readonly inputs: readonly string[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Of esbuild's interface, what is used: an installation need not have its declarations. */
interface Esbuild {
  build(options: object): Promise<{
    readonly outputFiles: readonly { readonly path: string; readonly contents: Uint8Array }[];
    readonly metafile: { readonly inputs: Readonly<Record<string, unknown>> };
  }>;
}

/** The esbuild of a project; it is not loaded before `build`. */
export interface Bundler {
  readonly version: string;
  build(entry: string, settings: BundleSettings): Promise<Bundle>;
}

/**
 * Old enough for every Node.js that runs functions here, whichever runtime they name.
 * It is also what the packages ask of Node.js.
 */
const target = "node22";

/** CommonJS modules in an ES module expect these. As globals, they are in nobody's way who declares them. */
const commonJsGlobals = [
  'import { createRequire as __localemuRequire } from "node:module";',
  "globalThis.require ??= __localemuRequire(import.meta.url);",
  "globalThis.__filename ??= import.meta.filename;",
  "globalThis.__dirname ??= import.meta.dirname;",
].join("");

/** Finds the esbuild that the entry's project has, or else ours. Throws an Error that says how to install it. */
export function findBundler(entry: string): Bundler {
  const require = [entry, __filename].map((path) => createRequire(path)).find(hasEsbuild);
  if (require === undefined) throw new Error("it needs the package esbuild: npm install --save-dev esbuild");
  const { version }: { readonly version: string } = require("esbuild/package.json");
  return {
    version,
    build: (path, settings) => {
      const esbuild: Esbuild = require("esbuild");
      return bundle(esbuild, path, settings);
    },
  };
}

function hasEsbuild(require: NodeJS.Require): boolean {
  try {
    require.resolve("esbuild");
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND") return false;
    throw error;
  }
}

async function bundle(esbuild: Esbuild, entry: string, settings: BundleSettings): Promise<Bundle> {
  const directory = dirname(entry);
  const { format, external, define, loader, tsconfig } = settings;
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: [entry],
    absWorkingDir: directory,
    outfile: resolve(directory, format === "esm" ? "index.mjs" : "index.cjs"),
    bundle: true,
    platform: "node",
    target,
    format,
    external,
    define,
    loader,
    ...(tsconfig !== undefined && { tsconfig }),
    ...(format === "esm" && { banner: { js: commonJsGlobals } }),
    sourcemap: "linked",
    sourcesContent: false,
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  return {
    inputs: Object.keys(metafile.inputs).flatMap((path) => inputPath(directory, path)),
    files: new Map(
      outputFiles.map(({ path, contents }) => {
        const name = relative(directory, path).replaceAll("\\", "/");
        return [name, name.endsWith(".map") ? withWholePaths(contents, directory) : contents];
      }),
    ),
  };
}

/**
 * Not what plugins and loaders made up, such as `(disabled):fs`; and without the attributes of an import, which follow where a file
 * is imported in several ways.
 */
function inputPath(directory: string, input: string): string[] {
  if (/^(\(disabled\)|[a-z-]{2,}):/.test(input)) return [];
  return [resolve(directory, input.replace(/ with \{.*\}$/, ""))];
}

/** A stack trace names the file where its author has it, not beside the unpacked bundle. */
function withWholePaths(map: Uint8Array, directory: string): Uint8Array {
  const parsed: { readonly sources: readonly string[] } = JSON.parse(Buffer.from(map).toString());
  const sources = parsed.sources.map((source) => pathToFileURL(resolve(directory, source)).href);
  return Buffer.from(JSON.stringify({ ...parsed, sources }));
}
