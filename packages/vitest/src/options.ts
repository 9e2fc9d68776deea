/** How tests reach an emulator. */
export type LocalEmuRuntime = "auto" | "embedded" | "container" | "external";

/** What has a world for itself: the tests of a file, each test, or all of them together. */
export type LocalEmuIsolation = "file" | "test" | "none";

/** Options of the plugin. */
export interface LocalEmuPluginOptions {
  /**
   * `embedded` starts an emulator in Vitest's main process (package `@localemu/emulator`), `container` one in Docker (package
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

/** Options of the environment: `environmentOptions: { localemu: { … } }`. */
export interface LocalEmuEnvironmentOptions {
  /** Where an emulator runs. Default: `LOCALEMU_ENDPOINT`; without it, each worker starts one of its own for each file. */
  readonly endpoint?: string;
  /** How the clock of a new world starts. Default `running`. */
  readonly clock?: "running" | "frozen" | "auto";
}

declare module "vitest" {
  interface ProvidedContext {
    /** What the plugin of `@localemu/vitest` was told. */
    localemuOptions: LocalEmuPluginOptions;
    /** Whether each file has modules of its own. Files that share them share a world, which is emptied between them. */
    localemuIsolate: boolean;
    /** Where its emulator is. */
    localemuEndpoint: string;
  }
}
