import type { RunnerOptions } from "@localemu/testkit/runner";

/** Options of the plugin. */
export type LocalEmuPluginOptions = RunnerOptions;

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
