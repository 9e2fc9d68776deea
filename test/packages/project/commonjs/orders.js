import { test } from "@localemu/vitest";
import { expect } from "vitest";
import { handler } from "./handler";

test("JavaScript of a project of CommonJS", async ({ emu }) => {
  const attached = await emu.attachHandler("attached", handler);
  const deployed = await emu.deployEntry({ name: "deployed", entry: new URL("./handler.js", import.meta.url) });
  expect(await emu.function(attached.name).invoke({ id: 1 })).toMatchObject({ payload: { id: 1 } });
  expect(await deployed.invoke({ id: 2 })).toMatchObject({ payload: { id: 2 } });
  await expect(deployed).toHaveBeenInvokedWith({ id: 2 });
  await attached.detach();
});
