import { test } from "@localemu/vitest";

/** A test that wants nobody to run the function, and leaves a handler attached that does. */
export function leavesAttached(): void {
  test("finds nobody attached", async ({ emu, expect }) => {
    const response = await fetch(`${emu.endpoint}/_localemu/runtime/orders`);
    const { polls = 0 } = JSON.parse(await response.text());
    expect(polls).toBe(0);
    await emu.attachHandler("orders", async () => "attached");
  });
}
