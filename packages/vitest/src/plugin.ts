import { fileURLToPath } from "node:url";
import { assertRunnerOptions } from "@localemu/testkit/runner";
import type { ViteUserConfig } from "vitest/config";
import type { TestProject } from "vitest/node";
import type { LocalEmuPluginOptions } from "./options.ts";

export type { LocalEmuIsolation, LocalEmuRuntime } from "@localemu/testkit/runner";
export type { LocalEmuPluginOptions } from "./options.ts";

/** A plugin for `defineConfig` of `vitest/config`, in the only shape that it needs of Vite's. */
export interface LocalEmuPlugin {
  readonly name: string;
  readonly enforce: "pre";
  readonly config: { readonly order: "pre"; readonly handler: (config: ViteUserConfig) => void };
  readonly configureVitest: (context: { readonly project: TestProject }) => void;
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
    // Before Vitest notes what projects inherit that have no plugins of their own.
    enforce: "pre",
    config: {
      order: "pre",
      handler(config) {
        const settings = (config.test ??= {});
        // A project may have inherited all of this: nothing twice, and what it says itself holds.
        settings.globalSetup = withFile(settings.globalSetup, "./global-setup.js");
        settings.setupFiles = withFile(settings.setupFiles, "./setup-file.js");
        settings.provide = { ...settings.provide, localemuOptions: options };
        const deps = ((settings.server ??= {}).deps ??= {});
        // What is not inlined is evaluated once a process, not once a file, where files share a process.
        if (deps.inline !== true) deps.inline = [...(deps.inline ?? []), /@localemu\/vitest|packages\/vitest\/dist/];
      },
    },
    configureVitest({ project }) {
      project.provide("localemuIsolate", project.config.isolate);
    },
  };
}

/** Ours comes first: where setup files run in order, the others may call AWS already. */
function withFile(files: string | readonly string[] | undefined, name: string): string[] {
  const ours = fileOf(name);
  const others = files === undefined ? [] : [files].flat();
  return [ours, ...others.filter((file) => file !== ours)];
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
