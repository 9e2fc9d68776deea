import type { EmulatorOptions } from "@localemu/emulator";
import { test } from "vitest";
import { startTestEmulator } from "./emulator.ts";

/** A `test` whose file has one emulator, and whose every test has a name of its own for what it makes. */
export function emulatorTest(options: EmulatorOptions = {}) {
  let names = 0;
  return (
    test
      // oxlint-disable-next-line no-empty-pattern -- Vitest reads from the pattern which fixtures are needed.
      .extend("emulator", { scope: "file" }, async ({}, { onCleanup }) => {
        const emulator = await startTestEmulator(options);
        onCleanup(() => emulator[Symbol.asyncDispose]());
        return emulator;
      })
      .extend("uniqueName", () => `name-${++names}`)
  );
}
