/** Thrown where no directory for functions can be made; the message says what to do. */
export class WorkspaceError extends Error {
  override readonly name = "WorkspaceError";
}

/** A directory of one world's own. */
export interface WorkDirectory {
  readonly path: string;
  /** Removes it with all that is in it. */
  remove(): Promise<void>;
}

/** The directory where a server keeps its functions' code and files; made when the first function is. */
export class Workspace {
  readonly #parent: string | undefined;
  readonly #passable: boolean;
  #root: Promise<string> | undefined;

  /**
   * @param parent Where to make it; default the system's directory for temporary files.
   * @param passable Whether other users may go through it to what is theirs, without seeing what there is.
   */
  constructor(parent: string | undefined, passable = false) {
    this.#parent = parent;
    this.#passable = passable;
  }

  /** A new, empty directory for that world. Throws WorkspaceError where none can be made. */
  async directoryOf(world: string): Promise<WorkDirectory> {
    const { rm } = process.getBuiltinModule("node:fs/promises");
    const path = await this.#makeIn(`${await this.#ownRoot()}/${world}-`);
    return { path, remove: () => rm(path, { recursive: true, force: true }) };
  }

  async remove(): Promise<void> {
    if (this.#root === undefined) return;
    const { rm } = process.getBuiltinModule("node:fs/promises");
    await rm(await this.#root, { recursive: true, force: true });
  }

  async #ownRoot(): Promise<string> {
    this.#root ??= this.#make();
    try {
      return await this.#root;
    } catch (error) {
      // Whoever asks next tries again.
      this.#root = undefined;
      throw error;
    }
  }

  async #makeIn(prefix: string): Promise<string> {
    const { chmod, mkdtemp } = process.getBuiltinModule("node:fs/promises");
    const path = await mkdtemp(prefix);
    if (this.#passable) await chmod(path, 0o711);
    return path;
  }

  async #make(): Promise<string> {
    const { mkdir } = process.getBuiltinModule("node:fs/promises");
    const { tmpdir } = process.getBuiltinModule("node:os");
    const parent = this.#parent ?? tmpdir();
    try {
      await mkdir(parent, { recursive: true });
      return await this.#makeIn(`${parent}/localemu-`);
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new WorkspaceError(
        `LocalEmu can keep no functions under ${parent} (${problem}). Let LOCALEMU_TMPDIR name a directory that it may write to; a read-only container gets one by --tmpfs /tmp:exec.`,
        { cause },
      );
    }
  }
}
