import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type BundleSettings, type Bundler, findBundler } from "./bundle-entry.ts";
import { zipOf } from "./zip.ts";

/** A deployment package, and what it depends on: it holds as long as all of that has these digests. */
interface CachedBundle {
  readonly digests: Readonly<Record<string, string>>;
  /** Base64. */
  readonly zip: string;
}

/**
 * Deployment packages of entries, made again when something that they are made from has changed. They are kept on disk too, for the
 * next run and for the other workers of this one, which may all write at once.
 */
export class BundleCache {
  readonly #directory: string | undefined;
  readonly #find: (entry: string) => Bundler;
  readonly #bundles = new Map<string, Promise<CachedBundle>>();

  /** `directory` is where they are kept on disk, if at all. */
  constructor(directory: string | undefined, find = findBundler) {
    this.#directory = directory;
    this.#find = find;
  }

  /** The deployment package as base64. Throws what esbuild throws, whose message names the lines. */
  async zip(entry: string, settings: BundleSettings): Promise<string> {
    const bundler = this.#find(entry);
    const key = digestOf(JSON.stringify([entry, settings, bundler.version, formatOfCache]));
    const before = this.#bundles.get(key);
    const current = this.#current(key, entry, settings, bundler, before);
    this.#bundles.set(key, current);
    try {
      return (await current).zip;
    } catch (error) {
      if (this.#bundles.get(key) === current) this.#bundles.delete(key);
      throw error;
    }
  }

  async #current(
    key: string,
    entry: string,
    settings: BundleSettings,
    bundler: Bundler,
    before: Promise<CachedBundle> | undefined,
  ): Promise<CachedBundle> {
    // Whoever asked before is told if that failed.
    const known = (await before?.catch(() => undefined)) ?? (await this.#read(key));
    if (known !== undefined && (await isCurrent(known))) return known;
    const started = now();
    const { files, inputs } = await bundler.build(entry, settings);
    const dependencies = dependenciesOf(settings.tsconfig === undefined ? inputs : [...inputs, settings.tsconfig]);
    const made = { digests: await digestsOf(dependencies), zip: zipOf(files).toString("base64") };
    // What was saved meanwhile may be in the digests alone: then the next one makes it again.
    if (await changedSince(inputs, started)) return { ...made, digests: { [entry]: "changed" } };
    await this.#write(key, made);
    return made;
  }

  async #read(key: string): Promise<CachedBundle | undefined> {
    if (this.#directory === undefined) return undefined;
    try {
      return JSON.parse(await readFile(this.#path(this.#directory, key), "utf8"));
    } catch (error) {
      // Half a file cannot be, for it is renamed into place; but a crash of the machine may have left one.
      if (error instanceof SyntaxError || hasCode(error, "ENOENT")) return undefined;
      throw error;
    }
  }

  /** Where nothing may be written, it is made by every process. */
  async #write(key: string, bundle: CachedBundle): Promise<void> {
    if (this.#directory === undefined) return;
    const path = this.#path(this.#directory, key);
    const draft = `${path}.${randomUUID()}`;
    try {
      await mkdir(this.#directory, { recursive: true });
      await writeFile(draft, JSON.stringify(bundle));
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      if (!hasCode(error, "EACCES", "EPERM", "EROFS", "ENOSPC", "EBUSY")) throw error;
    }
  }

  #path(directory: string, key: string): string {
    return join(directory, `${key}.json`);
  }
}

/** The real time, whatever timers a test fakes later. */
const now = Date.now.bind(Date);

/** How far a file's time of change may be behind, milliseconds: file systems keep it by ticks. */
const tickMs = 50;

async function changedSince(paths: readonly string[], time: number): Promise<boolean> {
  const changes = paths.map(timeOfChange);
  return (await Promise.all(changes)).some((change) => change >= time - tickMs);
}

/** What is gone has changed last. */
async function timeOfChange(path: string): Promise<number> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return Infinity;
    throw error;
  }
}

/** To be raised when what is kept, or how bundles are made, changes. */
const formatOfCache = 1;

/** `node_modules/.cache/localemu` of the project that `directory` is in, if it has dependencies installed. */
export function cacheDirectory(directory: string): string | undefined {
  const modules = upwards(directory).find((parent) => existsSync(join(parent, "node_modules")));
  return modules === undefined ? undefined : join(modules, "node_modules", ".cache", "localemu");
}

/**
 * The files of which a bundle is made, and what decides which files these are: the configuration files on the way up, and which
 * names the directories of the project's own files hold (ending in a slash here).
 */
function dependenciesOf(inputs: readonly string[]): Set<string> {
  const dependencies = new Set(inputs);
  for (const input of inputs) {
    if (/[\\/]node_modules[\\/]/.test(input)) continue;
    dependencies.add(`${dirname(input)}/`);
    for (const parent of upwards(dirname(input))) {
      dependencies.add(join(parent, "package.json"));
      dependencies.add(join(parent, "tsconfig.json"));
    }
  }
  return dependencies;
}

function upwards(directory: string): string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...upwards(parent)];
}

async function isCurrent({ digests }: CachedBundle): Promise<boolean> {
  const current = await digestsOf(Object.keys(digests));
  return Object.entries(digests).every(([path, digest]) => current[path] === digest);
}

async function digestsOf(paths: Iterable<string>): Promise<Record<string, string>> {
  const digests = Array.from(paths, async (path) => [path, await digestOfPath(path)] as const);
  return Object.fromEntries(await Promise.all(digests));
}

async function digestOfPath(path: string): Promise<string> {
  try {
    return digestOf(path.endsWith("/") ? (await readdir(path)).toSorted().join("\n") : await readFile(path));
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EISDIR")) return "missing";
    throw error;
  }
}

function digestOf(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && codes.includes(error.code);
}
