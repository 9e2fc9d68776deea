import type { LocalEmuIsolation, RunnerOptions } from "@localemu/testkit/runner";

/** Options of the plugin. */
export type LocalEmuPluginOptions = RunnerOptions;

/** What the main process tells the workers. */
export interface ProvidedLocalEmu {
  readonly endpoint: string;
  readonly isolation: LocalEmuIsolation;
  readonly clock: "running" | "frozen" | "auto";
  /** Whether each file has modules of its own. Files that share them share a world, which is emptied between them. */
  readonly isolate: boolean;
}

declare module "vitest" {
  interface ProvidedContext {
    /** Set by the plugin of `@localemu/vitest`. */
    localemu: ProvidedLocalEmu;
    localemuOptions: LocalEmuPluginOptions;
  }
}
