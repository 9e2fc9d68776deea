import { connect } from "@localemu/testkit";
import type { LocalEmu } from "@localemu/testkit";
import { test as base } from "vitest";
import type { TestAPI } from "vitest";
import { currentWorld, worldEndpoint } from "./current-world.ts";

/**
 * Vitest's `test` with the world of the file (or of the test) as the fixture `emu`.
 *
 * @example
 * ```ts
 * import { test } from "@localemu/vitest";
 *
 * test("records are kept", async ({ emu, expect }) => {
 *   const stream = await emu.createStream("orders");
 *   await stream.putJson([{ id: 1 }], { partitionKey: "k" });
 *   await expect(stream).toHaveRecordTimes(1);
 * });
 * ```
 */
export const test: TestAPI<{ emu: LocalEmu }> = base.extend<{ emu: LocalEmu }>({
  // oxlint-disable-next-line no-empty-pattern -- Vitest reads from the pattern which fixtures are needed.
  emu: async ({}, use) => {
    const endpoint = worldEndpoint();
    if (endpoint === undefined) return use(currentWorld());
    const emu = await connect(endpoint);
    await use(emu);
    await emu.close();
  },
});
