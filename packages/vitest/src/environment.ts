/**
 * An environment of Vitest in which each test file has a LocalEmu world of its own, for those who cannot use the plugin: an emulator
 * runs at `LOCALEMU_ENDPOINT`, or one is started in each worker. Clients without configuration reach the world, and `test` of
 * `@localemu/vitest` has the fixture `emu`. Matchers need `@localemu/vitest/extend` as a setup file.
 *
 * @example
 * ```ts
 * // vitest.config.ts: Vitest looks for environments by path, or in packages of a certain name
 * const environment = fileURLToPath(import.meta.resolve("@localemu/vitest/environment"));
 * export default defineConfig({ test: { environment, setupFiles: ["@localemu/vitest/extend"] } });
 * ```
 */
import { connect, startLocalEmu } from "@localemu/testkit";
import { openWorld, runningEndpoint, setVariables } from "@localemu/testkit/runner";
import { builtinEnvironments } from "vitest/runtime";
import type { Environment } from "vitest/runtime";
import { setWorldEndpoint } from "./current-world.ts";
import type { LocalEmuEnvironmentOptions } from "./options.ts";

export type { LocalEmuEnvironmentOptions } from "./options.ts";

const { node } = builtinEnvironments;

/** Vitest's environment `node` with a world of LocalEmu. */
const environment: Environment = {
  name: "localemu",
  viteEnvironment: "ssr",
  async setup(global: object, options) {
    const inner = await node.setup(global, options);
    const end = await begin(global, options).catch(async (error: unknown) => {
      await inner.teardown(global);
      throw error;
    });
    return {
      async teardown() {
        try {
          await end();
        } finally {
          await inner.teardown(global);
        }
      },
    };
  },
  async setupVM(options) {
    if (node.setupVM === undefined) throw new Error("This version of Vitest has no environment for its pools of VMs");
    const inner = await node.setupVM(options);
    const context = inner.getVmContext();
    const end = await begin(context, options).catch(async (error: unknown) => {
      await inner.teardown();
      throw error;
    });
    return {
      getVmContext: () => context,
      async teardown() {
        try {
          await end();
        } finally {
          await inner.teardown();
        }
      },
    };
  },
};

export default environment;

/** Makes the file's world, and lets `global` and the environment variables lead there; the returned function ends it. */
async function begin(
  global: object,
  { localemu = {} }: { readonly localemu?: LocalEmuEnvironmentOptions },
): Promise<() => Promise<void>> {
  const running = runningEndpoint(localemu, process.env);
  const server = await (running === undefined ? startLocalEmu() : connect(running));
  const { emu, end } = await openWorld(server, { isolation: "file", clock: localemu.clock ?? "running" });
  const restoreVariables = setVariables(process.env, emu.getEnvironment());
  setWorldEndpoint(emu.endpoint, global);
  return async () => {
    setWorldEndpoint(undefined, global);
    restoreVariables();
    await end();
  };
}
