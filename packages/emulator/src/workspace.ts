/** A directory of one world's own. */
export interface WorkDirectory {
  readonly path: string;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
}

/** The directory where a server keeps its functions' code and files; made when the first function is. */
export class Workspace {
  readonly #parent: string | undefined;
  #root: Promise<string> | undefined;

  /** @param parent Where to make it; default the system's directory for temporary files. */
  constructor(parent: string | undefined) {
    this.#parent = parent;
  }

  /** A new, empty directory for that world. */
  async directoryOf(world: string): Promise<WorkDirectory> {
    const { mkdtemp, rm } = process.getBuiltinModule("node:fs/promises");
    this.#root ??= this.#make();
    const path = await mkdtemp(`${await this.#root}/${world}-`);
    return { path, remove: () => rm(path, { recursive: true, force: true }) };
  }

  async remove(): Promise<void> {
    if (this.#root === undefined) return;
    const { rm } = process.getBuiltinModule("node:fs/promises");
    await rm(await this.#root, { recursive: true, force: true });
  }

  async #make(): Promise<string> {
    const { mkdir, mkdtemp } = process.getBuiltinModule("node:fs/promises");
    const { tmpdir } = process.getBuiltinModule("node:os");
    const parent = this.#parent ?? tmpdir();
    await mkdir(parent, { recursive: true });
    return mkdtemp(`${parent}/localemu-`);
  }
}
