/** How tests reach an emulator. */
export type LocalEmuRuntime = "auto" | "embedded" | "container" | "external";

/** What has a world for itself: the tests of a file, each test, or all of them together. */
export type LocalEmuIsolation = "file" | "test" | "none";

/** How LocalEmu serves the tests of a run. */
export interface RunnerOptions {
  /**
   * `embedded` starts an emulator in the runner's main process (package `@localemu/emulator`), `container` one in Docker (package
   * `@localemu/testcontainers`), `external` uses the one at `endpoint`. Default `auto`: external if there is an endpoint, a
   * container if that package is installed and a Docker engine answers, else embedded.
   */
  readonly runtime?: LocalEmuRuntime;
  /** Where an emulator runs that is not to be started. Default: environment variable `LOCALEMU_ENDPOINT`. */
  readonly endpoint?: string;
  /**
   * `file` (default): each test file has a world of its own, which ends with it. `test`: the same, and the world is emptied
   * before each test; not for tests that run concurrently. `none`: all share the emulator's default world.
   */
  readonly isolation?: LocalEmuIsolation;
  /** How the clock of a new world starts. Default `running`. */
  readonly clock?: "running" | "frozen" | "auto";
}

const known = {
  runtime: ["auto", "embedded", "container", "external"],
  isolation: ["file", "test", "none"],
  clock: ["running", "frozen", "auto"],
} as const;

/** Throws an Error for a value that no option has; `where` is what its text begins with. */
export function assertRunnerOptions(options: RunnerOptions, where: string): void {
  for (const [name, values] of Object.entries(known)) {
    const value: unknown = Reflect.get(options, name);
    if (value === undefined || values.some((candidate) => candidate === value)) continue;
    throw new Error(`${where}: ${name} must be one of ${values.join(", ")}, not ${JSON.stringify(value)}`);
  }
}
