import { openEmulator } from "@localemu/testkit/runner";
import { keepOpenEmulator } from "./open-run.ts";
import { announceEndpoint, optionsOf } from "./run.ts";

/**
 * Jest's global setup: starts the run's emulator, or finds the one that runs. A global setup of your own calls it, with what it was
 * given itself. Projects that share it share the emulator; the options are those of the first that has tests to run.
 *
 * @example
 * ```ts
 * import { globalSetup } from "@localemu/jest/global-setup";
 *
 * export default async function setup(...configs: Parameters<typeof globalSetup>) {
 *   await globalSetup(...configs);
 * }
 * ```
 */
export async function globalSetup(
  _globalConfig: unknown,
  projectConfig: { readonly testEnvironmentOptions: Readonly<Record<string, unknown>> },
): Promise<void> {
  const emulator = await openEmulator(optionsOf(projectConfig.testEnvironmentOptions), process.env, {
    loadLocalEmu: () => import("@localemu/testcontainers"),
    loadTestcontainers: () => import("testcontainers"),
  });
  keepOpenEmulator(emulator);
  announceEndpoint(process.env, emulator.endpoint);
}

export default globalSetup;
