/**
 * Registers LocalEmu's matchers with Vitest's `expect`, and declares them.
 *
 * @example
 * ```ts
 * // vitest.config.ts
 * export default defineConfig({ test: { setupFiles: ["@localemu/vitest/extend"] } });
 * ```
 */
import type { LocalEmuMatchers } from "@localemu/testkit/matchers";
import { runnerMatchers } from "@localemu/testkit/runner";
import { expect } from "vitest";

declare module "vitest" {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> extends LocalEmuMatchers {}
}

expect.extend(runnerMatchers);
