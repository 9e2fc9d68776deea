/**
 * Registers LocalEmu's matchers with Jest's `expect`, and declares them, for `@jest/globals` as well as for `@types/jest`. The
 * preset does it for each test file; import it where the compiler is to know them.
 *
 * @example
 * ```ts
 * import "@localemu/jest/extend";
 * ```
 */
import { expect } from "@jest/globals";
import type { LocalEmuMatchers } from "@localemu/testkit/matchers";
import { runnerMatchers } from "@localemu/testkit/runner";

declare module "expect" {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends LocalEmuMatchers {}
}

declare global {
  namespace jest {
    interface Matchers<R, T = {}> extends LocalEmuMatchers {}
  }
}

expect.extend(runnerMatchers);
