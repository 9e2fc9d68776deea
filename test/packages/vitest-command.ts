import type { Finished, Installation, Started } from "./installation.ts";

/** What a developer's shell may have set. */
const shell = {
  AWS_PROFILE: "production",
  AWS_SESSION_TOKEN: "of-somebody",
  AWS_ENDPOINT_URL_KINESIS: "http://127.0.0.1:9",
  LOCALEMU_ENDPOINT: "",
};

const program = "node_modules/vitest/vitest.mjs";

/** Tests of the project under the plugin, and what it is told. */
export interface PluginRun {
  readonly options?: object;
  readonly tests: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs tests of an installation once, with the plugin. */
export function runVitest(installation: Installation, run: PluginRun, ...args: readonly string[]): Promise<Finished> {
  return installation.run(variablesOf(run), program, "run", "--config", "plugin.config.ts", ...args);
}

/** Runs them, and again when they change. */
export function watchVitest(installation: Installation, run: PluginRun): Started {
  return installation.start(variablesOf(run), program, "--watch", "--config", "plugin.config.ts");
}

/** Runs all tests of a configuration. */
export function runConfig(installation: Installation, config: string, ...args: readonly string[]): Promise<Finished> {
  return installation.run(shell, program, "run", "--config", config, ...args);
}

function variablesOf({ options = {}, tests, variables }: PluginRun): Record<string, string> {
  return { ...shell, PLUGIN_OPTIONS: JSON.stringify(options), PLUGIN_TESTS: tests, ...variables };
}
