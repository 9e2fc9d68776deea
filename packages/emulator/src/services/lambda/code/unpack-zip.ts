import { chmodSync, createWriteStream, writeFileSync } from "node:fs";
import { chmod, mkdir, realpath, symlink } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { inflateRawSync } from "node:zlib";
import type { Entry, ZipFile } from "yauzl";

// AWS: the unpacked code of a function (AWS docs, Lambda quotas).
export const maxUnzippedBytes = 262_144_000;

/** Up to this size a file is unpacked and written at once: a stream of its own would cost it more than its content. */
const wholeBytes = 256 * 1024;

/**
 * Directories in directories that a name may have. Assumed: AWS has a limit of its own. Making and removing them takes time by
 * the square of their number: at the system's limit of 2000, a second for a name of 4 kB.
 */
const deepest = 256;

/** Files and directories that a zip may have. Assumed: AWS has a limit of its own. */
export const mostEntries = 100_000;

/** What is wrong with a zip. */
export type ZipProblem = "broken" | "empty" | "tooLarge" | "tooMany";

/** The zip is at fault; any other error is the disk's or ours. */
class BadZip extends Error {
  readonly problem: ZipProblem;

  constructor(problem: ZipProblem) {
    super(`zip is ${problem}`);
    this.problem = problem;
  }
}

/** Errors of the disk: a good zip would have met them too. */
const diskErrors = new Set(["EACCES", "EDQUOT", "EIO", "EMFILE", "ENFILE", "ENOSPC", "EPERM", "EROFS"]);

/**
 * Unpacks `zip` into the directory `root`, which must be there and empty. Nothing is written outside of it, whatever names
 * and links the zip has, and no more than `maxBytes`, whatever sizes it declares. Tells how many bytes that were; after a
 * problem the directory holds a part and should be removed.
 */
export async function unpackZip(
  zip: Uint8Array,
  root: string,
  maxBytes = maxUnzippedBytes,
): Promise<number | ZipProblem> {
  // The bundled package has a default export alone. Failing to load it is no fault of the zip.
  const { default: yauzl } = await import("yauzl");
  try {
    const file = await yauzl.fromBufferPromise(Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength), {
      lazyEntries: true,
      // Links are found by their mode; names with `..`, drive letters or a leading slash make the iteration throw.
      decodeStrings: true,
      validateEntrySizes: true,
    });
    return await new Unpacking(file, zip, root, maxBytes).run();
  } catch (error) {
    if (error instanceof BadZip) return error.problem;
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (typeof code === "string" && diskErrors.has(code)) throw error;
    return "broken";
  }
}

class Unpacking {
  readonly #file: ZipFile;
  readonly #zip: Uint8Array;
  readonly #root: string;
  readonly #maxBytes: number;
  #bytesLeft: number;
  readonly #directories = new Set<string>();
  readonly #links = new Map<string, string>();

  constructor(file: ZipFile, zip: Uint8Array, root: string, maxBytes: number) {
    this.#file = file;
    this.#zip = zip;
    this.#root = root;
    this.#maxBytes = maxBytes;
    this.#bytesLeft = maxBytes;
  }

  async run(): Promise<number> {
    // It is read no further than that.
    const { entryCount } = this.#file;
    if (entryCount === 0) throw new BadZip("empty");
    if (entryCount > mostEntries) throw new BadZip("tooMany");
    // Others have their turn between one entry and the next.
    for await (const entry of this.#file.eachEntry()) await this.#unpack(entry);
    // Links come last: no file can be written through one.
    for (const [path, target] of this.#links) await this.#link(path, target);
    for (const path of this.#links.keys()) await this.#checkLink(path);
    return this.#maxBytes - this.#bytesLeft;
  }

  async #unpack(entry: Entry): Promise<void> {
    if (entry.fileName.split("/").length > deepest) throw new BadZip("broken");
    const path = join(this.#root, entry.fileName);
    const mode = unixMode(entry);
    if (entry.fileName.endsWith("/")) return this.#makeDirectory(path);
    if (entry.uncompressedSize > this.#bytesLeft) throw new BadZip("tooLarge");
    if (mode.type === "other") throw new BadZip("broken");
    if (mode.type === "file") {
      await this.#makeDirectory(dirname(path));
      const whole = await this.#wholeContent(entry);
      if (whole !== undefined) return writeSmallFile(path, whole, mode.permissions);
    }
    // Whoever reads must take over at once: an error of the stream that nobody listens to would end the process.
    const content = await this.#file.openReadStreamPromise(entry);
    if (mode.type === "link") {
      this.#links.set(path, (await this.#readAll(content)).toString());
      return;
    }
    // Assumed: a zip that has a name twice is broken; "wx" refuses the second.
    await pipeline(content, (chunks) => this.#counted(chunks), createWriteStream(path, { flags: "wx" }));
    await chmod(path, mode.permissions);
  }

  /** What a small file unpacks to; undefined where it has to be read bit by bit. */
  async #wholeContent(entry: Entry): Promise<Uint8Array | undefined> {
    const { compressionMethod, compressedSize, uncompressedSize } = entry;
    const isStored = compressionMethod === 0;
    if (Math.max(compressedSize, uncompressedSize) > wholeBytes || entry.isEncrypted()) return undefined;
    if (!isStored && compressionMethod !== 8) return undefined;
    const { fileDataStart } = await this.#file.readLocalFileHeaderPromise(entry, { minimal: true });
    const bytes = this.#zip.subarray(fileDataStart, fileDataStart + compressedSize);
    // One byte more would show that the declared size is a lie.
    const content = isStored ? bytes : inflateRawSync(bytes, { maxOutputLength: uncompressedSize + 1 });
    if (content.byteLength !== uncompressedSize) throw new BadZip("broken");
    this.#bytesLeft -= uncompressedSize;
    return content;
  }

  /** Declared sizes may lie: what comes out of the inflater counts. */
  async *#counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.#bytesLeft -= chunk.length;
      if (this.#bytesLeft < 0) throw new BadZip("tooLarge");
      yield chunk;
    }
  }

  async #readAll(content: Readable): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.#counted(content)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async #makeDirectory(path: string): Promise<void> {
    if (this.#directories.has(path)) return;
    await mkdir(path, { recursive: true, mode: 0o755 });
    this.#directories.add(path);
  }

  async #link(path: string, target: string): Promise<void> {
    if (target.startsWith("/") || !this.#isInside(normalize(join(dirname(path), target)))) throw new BadZip("broken");
    await this.#makeDirectory(dirname(path));
    await symlink(target, path);
  }

  /** A link through other links may lead elsewhere than its text says. One that leads nowhere harms nobody. */
  async #checkLink(path: string): Promise<void> {
    const target = await realpath(path).catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw error;
    });
    if (target === undefined) return;
    const root = await realpath(this.#root);
    if (target !== root && !target.startsWith(root + sep)) throw new BadZip("broken");
  }

  #isInside(path: string): boolean {
    const root = normalize(this.#root);
    return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
  }
}

/** It takes less time than to hand it to another thread. */
function writeSmallFile(path: string, content: Uint8Array, permissions: number): void {
  writeFileSync(path, content, { flag: "wx" });
  // Whatever the umask is.
  chmodSync(path, permissions);
}

const typeMask = 0o170000;
const linkType = 0o120000;
const fileType = 0o100000;

/** Zips made without Unix modes unpack as plain readable files. AWS: code cannot be written to (AWS docs). */
function unixMode(entry: Entry): { readonly type: "file" | "link" | "other"; readonly permissions: number } {
  const mode = entry.externalFileAttributes >>> 16;
  if (mode === 0) return { type: "file", permissions: 0o444 };
  const type = mode & typeMask;
  const permissions = mode & 0o555;
  if (type === linkType) return { type: "link", permissions };
  return { type: type === fileType || type === 0 ? "file" : "other", permissions };
}
