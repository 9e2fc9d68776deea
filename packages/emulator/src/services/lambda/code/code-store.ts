import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { invalidParameter, worldIsGone } from "../lambda-error.ts";
import { nothingKept } from "../../../storage/document-store.ts";
import type { DocumentStore } from "../../../storage/document-store.ts";
import { keptCode } from "./code-documents.ts";
import type { KeptCode } from "./code-documents.ts";
import { fingerprintOf } from "./live-directory.ts";
import { maxUnzippedBytes, mostEntries, unpackZip } from "./unpack-zip.ts";
import type { ZipProblem } from "./unpack-zip.ts";

/** Unpacked code that somebody uses: it stays on disk until the last one releases it. */
export interface DeployedCode {
  /** Of the zip, in base64. */
  readonly sha256: string;
  /** Of the zip, in bytes. */
  readonly size: number;
  /** Of what is in the zip; 0 where there is none. */
  readonly unpackedBytes: number;
  readonly directory: string;
  /** Whether the directory is somebody else's, whose changes are to be followed. */
  readonly isLive: boolean;
  /** What lies under `/opt` beside it. */
  readonly layers: DeployedCode | undefined;
  /** Resolves when the code is in its directory; undefined where it is already. Code of an earlier emulator is unpacked then. */
  prepare(): Promise<void> | undefined;
  /** The same code for one more user. */
  share(): DeployedCode;
  /** The same code for one more user, with other layers: it takes them over. */
  withLayers(layers: DeployedCode | undefined): DeployedCode;
  /** Releasing twice is harmless. */
  release(): void;
}

interface StoredCode {
  readonly sha256: string;
  readonly size: number;
  readonly directory: string;
  readonly zip: string;
  /** Code that this was made of, and that stays as long as it does. */
  readonly parts: readonly DeployedCode[];
  /** Once, but for what could not be unpacked: that can be tried again. */
  readonly unpack: () => Promise<void>;
  isUnpacking: boolean;
  isUnpacked: boolean;
  unpackedBytes: number;
  users: number;
}

interface NewCode {
  readonly sha256: string;
  readonly size: number;
  /** Called when the code is first needed, and again only where that failed. Resolves to how many bytes that were. */
  readonly unpack: (directory: string, zip: string) => Promise<number>;
  /** Where that is known before. */
  readonly unpackedBytes?: number;
  readonly parts?: readonly DeployedCode[];
}

/** Functions' code under one directory: a zip is kept and unpacked once, however many functions and versions have it. */
export class CodeStore {
  readonly #directory: string;
  readonly #onError: (error: unknown) => void;
  readonly #kept: KeptCode;
  readonly #stored = new Map<string, StoredCode>();
  readonly #removals = new Set<Promise<void>>();
  #directories = 0;
  #closed = false;

  constructor(directory: string, onError: (error: unknown) => void, documents: DocumentStore = nothingKept) {
    this.#directory = directory;
    this.#onError = onError;
    this.#kept = keptCode(documents);
  }

  /** Throws AWS's InvalidParameterValueException for what is no zip, has nothing in it or is too large unpacked, and ServiceException after the end. */
  async deploy(zip: Uint8Array): Promise<DeployedCode> {
    if (this.#closed) throw worldIsGone();
    const sha256 = process.getBuiltinModule("node:crypto").createHash("sha256").update(zip).digest("base64");
    return this.#deploy({
      sha256,
      size: zip.byteLength,
      unpack: async (directory, file) => {
        const unpackedBytes = await unpackInto(directory, zip, file);
        this.#kept.keepZip(sha256, zip, unpackedBytes);
        return unpackedBytes;
      },
    });
  }

  /** A directory that is used as it is and where it is; undefined where there is none. */
  async follow(directory: string): Promise<DeployedCode | undefined> {
    if ((await fingerprintOf(directory)) === undefined) return undefined;
    // Assumed: the hash of a directory's name, so that it is the same code whatever changes.
    const sha256 = process.getBuiltinModule("node:crypto").hash("sha256", directory, "base64");
    this.#kept.keepDirectory(sha256, directory);
    return liveCode(sha256, directory, undefined);
  }

  /** Code that an earlier emulator kept, by its hash and those of its layers: unpacked when it is first needed. */
  restore(sha256: string, layers: readonly string[]): DeployedCode {
    const parts = layers.map((layer) => this.#restoreZip(layer));
    const beside = this.#mergedLater(parts);
    for (const part of parts) part.release();
    const directory = this.#kept.find(sha256)?.directory;
    if (directory !== undefined) return liveCode(sha256, directory, beside);
    const code = this.#restoreZip(sha256);
    const layered = code.withLayers(beside);
    code.release();
    return layered;
  }

  /** Forgets the code that an earlier emulator kept and that nobody has. */
  forgetOthers(used: ReadonlySet<string>): void {
    this.#kept.forgetOthers(used);
  }

  #restoreZip(sha256: string): DeployedCode {
    const stored = this.#stored.get(sha256);
    if (stored !== undefined) return this.#use(stored);
    const { size = 0, unpackedBytes = 0 } = this.#kept.find(sha256) ?? {};
    const unpack = async (directory: string, file: string): Promise<number> => {
      const zip = this.#kept.zip(sha256);
      if (zip === undefined) throw new Error(`the zip ${sha256} is not in the data directory`);
      return unpackInto(directory, zip, file);
    };
    return this.#use(this.#store({ sha256, size, unpackedBytes, unpack }));
  }

  /** Several layers in one directory: of files of one name, the last layer's counts. Undefined for none. */
  async merge(layers: readonly DeployedCode[]): Promise<DeployedCode | undefined> {
    if (layers.length > 1 && this.#closed) throw worldIsGone();
    const merged = this.#mergedLater(layers);
    if (merged !== undefined) await unpacked(merged);
    return merged;
  }

  /** The same, but the directory is filled when it is first needed. */
  #mergedLater(layers: readonly DeployedCode[]): DeployedCode | undefined {
    const [first, ...others] = layers;
    if (first === undefined || others.length === 0) return first?.share();
    const sha256 = layers.map((layer) => layer.sha256).join();
    const stored = this.#stored.get(sha256);
    if (stored !== undefined) return this.#use(stored);
    const size = layers.reduce((sum, layer) => sum + layer.size, 0);
    // Held, so that all of them can be merged again from what is kept of them.
    const parts = layers.map((layer) => layer.share());
    const unpackedBytes = layers.reduce((sum, layer) => sum + layer.unpackedBytes, 0);
    const unpack = async (directory: string): Promise<number> => {
      for (const part of parts) {
        await part.prepare();
        await copyLayer(part.directory, directory);
      }
      return unpackedBytes;
    };
    return this.#use(this.#store({ sha256, size, unpackedBytes, unpack, parts }));
  }

  async #deploy(code: NewCode): Promise<DeployedCode> {
    const deployed = this.#use(this.#stored.get(code.sha256) ?? this.#store(code));
    await unpacked(deployed);
    return deployed;
  }

  #store({ sha256, size, unpack, unpackedBytes = 0, parts = [] }: NewCode): StoredCode {
    const directory = join(this.#directory, `code-${++this.#directories}`);
    const zip = `${directory}.zip`;
    const onError = this.#onError;
    let unpacking: Promise<void> | undefined;
    const unpackOnce = async (): Promise<void> => {
      try {
        stored.unpackedBytes = await unpack(directory, zip);
        stored.isUnpacked = true;
      } catch (error) {
        // The disk may have room the next time, and must not be full of what was of no use.
        const removals = [directory, zip].map((path) => rm(path, { recursive: true, force: true }).catch(onError));
        await Promise.all(removals);
        stored.isUnpacking = false;
        unpacking = undefined;
        throw error;
      }
    };
    const stored: StoredCode = {
      sha256,
      size,
      directory,
      zip,
      parts,
      unpack() {
        stored.isUnpacking = true;
        return (unpacking ??= unpackOnce());
      },
      isUnpacking: false,
      isUnpacked: false,
      unpackedBytes,
      users: 0,
    };
    this.#stored.set(sha256, stored);
    return stored;
  }

  /** The zip of that hash, in base64, as it was uploaded; undefined when nobody uses it. */
  async readZip(sha256: string): Promise<Buffer | undefined> {
    const stored = this.#stored.get(sha256);
    if (stored === undefined) return undefined;
    try {
      await stored.unpack();
    } catch {
      // Who brought it is told.
      return undefined;
    }
    try {
      return await readFile(stored.zip);
    } catch (error) {
      // Its last user may have gone meanwhile.
      if (this.#stored.get(sha256) !== stored) return undefined;
      throw error;
    }
  }

  /** Removes the directory. */
  async close(): Promise<void> {
    this.#closed = true;
    const unpacking = [...this.#stored.values()].filter(({ isUnpacking }) => isUnpacking);
    await Promise.allSettled(unpacking.map(({ unpack }) => unpack()));
    await Promise.all(this.#removals);
    await rm(this.#directory, { recursive: true, force: true });
  }

  #use(stored: StoredCode, layers?: DeployedCode): DeployedCode {
    stored.users++;
    let released = false;
    return {
      sha256: stored.sha256,
      size: stored.size,
      get unpackedBytes() {
        return stored.unpackedBytes;
      },
      directory: stored.directory,
      isLive: false,
      layers,
      prepare() {
        const beside = layers?.prepare();
        if (stored.isUnpacked) return beside;
        return beside === undefined ? stored.unpack() : both(stored.unpack(), beside);
      },
      share: () => this.#use(stored, layers?.share()),
      withLayers: (others) => this.#use(stored, others),
      release: () => {
        if (released) return;
        released = true;
        layers?.release();
        if (--stored.users > 0) return;
        this.#stored.delete(stored.sha256);
        this.#kept.forget(stored.sha256);
        for (const part of stored.parts) part.release();
        this.#remove(stored.directory);
        this.#remove(stored.zip);
      },
    };
  }

  #remove(path: string): void {
    const removal = rm(path, { recursive: true, force: true })
      .catch(this.#onError)
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }
}

/** Code that was just taken over; it is let go again where it cannot be unpacked. */
async function unpacked(code: DeployedCode): Promise<void> {
  try {
    await code.prepare();
  } catch (error) {
    code.release();
    throw error;
  }
}

async function both(first: Promise<void>, second: Promise<void>): Promise<void> {
  await Promise.all([first, second]);
}

/** A directory that is somebody else's. */
function liveCode(sha256: string, directory: string, layers: DeployedCode | undefined): DeployedCode {
  return {
    sha256,
    size: 0,
    unpackedBytes: 0,
    directory,
    isLive: true,
    layers,
    prepare: () => layers?.prepare(),
    share: () => liveCode(sha256, directory, layers?.share()),
    withLayers: (others) => liveCode(sha256, directory, others),
    release: () => layers?.release(),
  };
}

/** Throws AWS's InvalidParameterValueException where one layer has a file and another a directory. */
async function copyLayer(from: string, to: string): Promise<void> {
  try {
    await cp(from, to, { recursive: true, force: true, verbatimSymlinks: true });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!code.startsWith("ERR_FS_CP_")) throw error;
    throw invalidParameter("LocalEmu cannot merge these layers: of one name, one has a file and another a directory.");
  }
}

async function unpackInto(directory: string, zip: Uint8Array, file: string): Promise<number> {
  await mkdir(directory, { recursive: true });
  const outcome = await unpackZip(zip, directory);
  if (typeof outcome !== "number") throw invalidParameter(problems[outcome]);
  await writeFile(file, zip);
  return outcome;
}

// AWS: the first and the last text are recorded on AWS, the second is from AWS users' reports.
const problems = {
  broken: "Could not unzip uploaded file. Please check your file, then try to upload again.",
  empty: "Uploaded file must be a non-empty zip",
  tooMany: `LocalEmu unpacks no more than ${mostEntries} files and directories`,
  tooLarge: `Unzipped size must be smaller than ${maxUnzippedBytes} bytes`,
} as const satisfies Record<ZipProblem, string>;
