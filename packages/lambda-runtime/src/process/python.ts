import type { FunctionSpec } from "../contract.ts";
import type { Command } from "./launch-process.ts";
import { firstBytes, InvalidEntrypointError } from "./own-bootstrap.ts";

/** Whether functions of a runtime are for Python. */
export function isPython(runtime: string): boolean {
  return runtime.startsWith("python");
}

/** The directory of the client that runs functions for Python. */
export function pythonDirectory(): string {
  const manifest = process
    .getBuiltinModule("node:module")
    .createRequire(import.meta.url)
    .resolve("@localemu/lambda-runtime/package.json");
  return process.getBuiltinModule("node:path").join(manifest, "..", "python");
}

/** Finds the Pythons of this machine, each once. */
export class PythonPrograms {
  readonly #path: string;
  readonly #found = new Map<string, string | undefined>();

  /** @param path where programs are looked for */
  constructor(path: string) {
    this.#path = path;
  }

  /** Looks for what `command` needs. */
  async find(runtime: string): Promise<void> {
    if (this.#found.has(runtime)) return;
    this.#found.set(runtime, (await find(runtime, this.#path)) ?? (await find("python3", this.#path)));
  }

  /**
   * What starts a function for Python: the machine's own `python3.12` for the runtime `python3.12`, otherwise its `python3`.
   * Throws InvalidEntrypointError where neither was found.
   */
  command({ runtime, optRoot }: FunctionSpec): Command {
    const file = this.#found.get(runtime);
    if (file === undefined) {
      throw new InvalidEntrypointError(
        `LocalEmu found no Python to run a function of the runtime ${runtime}: install python3 where LocalEmu runs, ` +
          "or have a Docker engine run it, with the option docker (LOCALEMU_DOCKER=1)",
        `there is neither ${runtime} nor python3 on the path, which is ${this.#path}`,
      );
    }
    // Nothing is written beside the code, which several environments use, and whose changes may be followed.
    return { file, args: ["-B", `${pythonDirectory()}/bootstrap.py`, ...(optRoot === undefined ? [] : [optRoot])] };
  }
}

async function find(program: string, path: string): Promise<string | undefined> {
  for (const directory of path.split(":")) {
    const file = `${directory}/${program}`;
    // One by one: the first that works counts.
    const python = directory !== "" && isExecutable(file) ? await interpreterOf(file) : undefined;
    if (python !== undefined) return python;
  }
  return undefined;
}

function isExecutable(file: string): boolean {
  const { accessSync, constants, statSync } = process.getBuiltinModule("node:fs");
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What a script such as pyenv's chooses may be missing, and it takes longer to choose than Python to start: it is asked once. */
function interpreterOf(file: string): Promise<string | undefined> {
  if (!firstBytes(file).startsWith("#!")) return Promise.resolve(file);
  const args = ["-c", "import sys; print(sys.executable)"];
  return new Promise((resolve) => {
    process
      .getBuiltinModule("node:child_process")
      .execFile(file, args, { timeout: ASK_TIMEOUT_MS }, (error, output) => {
        const answer = output.trim();
        resolve(error !== null || answer === "" ? undefined : answer);
      });
  });
}

const ASK_TIMEOUT_MS = 10_000;
