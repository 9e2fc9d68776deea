import { test } from "@localemu/vitest";
import { describe, expect } from "vitest";

const created = Promise.withResolvers<void>();
const started = Promise.withResolvers<void>();

/** Of three tests, two at a time: the third starts when the first has done something, and before that fails. */
describe.concurrent("tests at once", () => {
  test("a failure shows what happened since its own start", async ({ emu }) => {
    await emu.createStream("early");
    created.resolve();
    await started.promise;
    expect(1).toBe(2);
  });

  test("one makes place", () => created.promise);

  test("another starts later", () => started.resolve());
});
