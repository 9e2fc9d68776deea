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

declare global {
  // Vitest's own interface for matchers has other type parameters in 4 than in 5, and declarations must agree on them. Both take in
  // what Chai's assertions have.
  namespace Chai {
    interface Assertion extends LocalEmuMatchers {}
  }
}

expect.extend(runnerMatchers);
