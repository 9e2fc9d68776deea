import { fileURLToPath } from "node:url";
import { assertRunnerOptions } from "@localemu/testkit/runner";
import type { LocalEmuPluginOptions } from "./options.ts";

export type { LocalEmuIsolation, LocalEmuRuntime } from "@localemu/testkit/runner";
export type { LocalEmuPluginOptions } from "./options.ts";

/** A plugin for `defineConfig` of `vitest/config`, in the only shape that it needs of Vite's. */
export interface LocalEmuPlugin {
  readonly name: string;
  readonly config: () => {
    readonly test: {
      readonly globalSetup: string[];
      readonly setupFiles: string[];
      readonly provide: { readonly localemuOptions: LocalEmuPluginOptions };
      readonly server: { readonly deps: { readonly inline: RegExp[] } };
    };
  };
}

/**
 * Starts one LocalEmu for the run and gives each test file (or test) a world of its own: `AWS_ENDPOINT_URL`, region and credentials
 * are set before the file is imported, so that `new KinesisClient({})` of the code under test reaches it; matchers are registered,
 * and a failed test shows the end of its world's timeline. Throws an Error for an option that it does not know.
 *
 * @example
 * ```ts
 * // vitest.config.ts
 * import { localemu } from "@localemu/vitest/plugin";
 * import { defineConfig } from "vitest/config";
 *
 * export default defineConfig({ plugins: [localemu()] });
 * ```
 */
export function localemu(options: LocalEmuPluginOptions = {}): LocalEmuPlugin {
  assertRunnerOptions(options, "localemu()");
  return {
    name: "localemu",
    config: () => ({
      test: {
        globalSetup: [fileOf("./global-setup.js")],
        setupFiles: [fileOf("./setup-file.js")],
        provide: { localemuOptions: options },
        // What is not inlined is evaluated once a process, not once a file, where files share a process.
        server: { deps: { inline: [/@localemu\/vitest|packages\/vitest\/dist/] } },
      },
    }),
  };
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
