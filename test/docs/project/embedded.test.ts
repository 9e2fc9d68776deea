import { expect, test } from "vitest";
// #region start
import { connect, startLocalEmu } from "@localemu/testkit";

// #endregion
test("an emulator of its own, and one that runs", async () => {
  // #region start
  const emu = await startLocalEmu(); // in this process; needs the package @localemu/emulator
  const other = await connect(process.env["LOCALEMU_ENDPOINT"] ?? "http://127.0.0.1:4566"); // whatever runs there
  // #endregion
  expect(emu.endpoint).not.toBe(other.endpoint);
  await emu.close();
  await other.close();
});
