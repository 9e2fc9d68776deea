import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { invalidParameter, worldIsGone } from "../lambda-error.ts";
import { fingerprintOf } from "./live-directory.ts";
import { maxUnzippedBytes, unpackZip } from "./unpack-zip.ts";
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
  /** How many bytes that were. */
  readonly unpacked: Promise<number>;
  unpackedBytes: number;
  users: number;
}

/** Functions' code under one directory: a zip is kept and unpacked once, however many functions and versions have it. */
export class CodeStore {
  readonly #directory: string;
  readonly #onError: (error: unknown) => void;
  readonly #stored = new Map<string, StoredCode>();
  readonly #removals = new Set<Promise<void>>();
  #directories = 0;
  #closed = false;

  constructor(directory: string, onError: (error: unknown) => void) {
    this.#directory = directory;
    this.#onError = onError;
  }

  /** Throws AWS's InvalidParameterValueException for what is no zip, has nothing in it or is too large unpacked, and ServiceException after the end. */
  async deploy(zip: Uint8Array): Promise<DeployedCode> {
    if (this.#closed) throw worldIsGone();
    const sha256 = process.getBuiltinModule("node:crypto").createHash("sha256").update(zip).digest("base64");
    return this.#deploy(sha256, zip.byteLength, (directory, file) => unpackInto(directory, zip, file));
  }

  /** A directory that is used as it is and where it is; undefined where there is none. */
  async follow(directory: string): Promise<DeployedCode | undefined> {
    if ((await fingerprintOf(directory)) === undefined) return undefined;
    // Assumed: the hash of a directory's name, so that it is the same code whatever changes.
    const sha256 = process.getBuiltinModule("node:crypto").hash("sha256", directory, "base64");
    const use = (layers: DeployedCode | undefined): DeployedCode => ({
      sha256,
      size: 0,
      unpackedBytes: 0,
      directory,
      isLive: true,
      layers,
      share: () => use(layers?.share()),
      withLayers: use,
      release: () => layers?.release(),
    });
    return use(undefined);
  }

  /** Several layers in one directory: of files of one name, the last layer's counts. Undefined for none. */
  async merge(layers: readonly DeployedCode[]): Promise<DeployedCode | undefined> {
    const [first, ...others] = layers;
    if (first === undefined || others.length === 0) return first?.share();
    if (this.#closed) throw worldIsGone();
    const size = layers.reduce((sum, layer) => sum + layer.size, 0);
    // The layers are held meanwhile by who asks.
    return this.#deploy(layers.map(({ sha256 }) => sha256).join(), size, async (directory) => {
      for (const layer of layers) await copyLayer(layer.directory, directory);
      return layers.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0);
    });
  }

  async #deploy(
    sha256: string,
    size: number,
    unpack: (directory: string, zip: string) => Promise<number>,
  ): Promise<DeployedCode> {
    let stored = this.#stored.get(sha256);
    if (stored === undefined) {
      const directory = join(this.#directory, `code-${++this.#directories}`);
      const file = `${directory}.zip`;
      stored = { sha256, size, directory, zip: file, unpacked: unpack(directory, file), unpackedBytes: 0, users: 0 };
      this.#stored.set(sha256, stored);
    }
    const code = this.#use(stored);
    try {
      stored.unpackedBytes = await stored.unpacked;
    } catch (error) {
      code.release();
      throw error;
    }
    return code;
  }

  /** The zip of that hash, in base64, as it was uploaded; undefined when nobody uses it. */
  async readZip(sha256: string): Promise<Buffer | undefined> {
    const stored = this.#stored.get(sha256);
    if (stored === undefined) return undefined;
    try {
      await stored.unpacked;
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
    await Promise.allSettled([...this.#stored.values()].map(({ unpacked }) => unpacked));
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
      share: () => this.#use(stored, layers?.share()),
      withLayers: (others) => this.#use(stored, others),
      release: () => {
        if (released) return;
        released = true;
        layers?.release();
        if (--stored.users > 0) return;
        this.#stored.delete(stored.sha256);
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
  tooLarge: `Unzipped size must be smaller than ${maxUnzippedBytes} bytes`,
} as const satisfies Record<ZipProblem, string>;
