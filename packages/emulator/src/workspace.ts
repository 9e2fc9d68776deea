/** The directory where a server keeps its functions' code and files; made when the first function is. */
export class Workspace {
  readonly #parent: string | undefined;
  #root: Promise<string> | undefined;

  /** @param parent Where to make it; default the system's directory for temporary files. */
  constructor(parent: string | undefined) {
    this.#parent = parent;
  }

  /** A new directory of that world's own. */
  async directoryOf(world: string): Promise<string> {
    const { mkdtemp } = process.getBuiltinModule("node:fs/promises");
    this.#root ??= this.#make();
    return mkdtemp(`${await this.#root}/${world}-`);
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
