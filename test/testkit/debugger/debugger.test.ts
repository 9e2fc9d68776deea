import { connect } from "@localemu/testkit";
import type { LocalEmu } from "@localemu/testkit";
import { expect, test } from "vitest";
import { startTestEmulator } from "../../emulator/emulator.ts";
import { debugProcess } from "./debugged-process.ts";

const script = new URL("stopped-handler.ts", import.meta.url);
const modeOf = async (emu: LocalEmu): Promise<string> => (await emu.clock.read()).mode;

test("a handler whose process a debugger stops for longer than its time-out does not time out", async () => {
  await using emulator = await startTestEmulator();
  const { emu } = emulator;
  await using other = await emu.attachHandler("other", () => new Promise(() => {}), { timeout: 1, concurrency: 2 });
  await using debugged = await debugProcess(script, emu.endpoint);
  const fn = emu.function("stopped");
  expect(await fn.invoke({})).toMatchObject({ payload: "went on" });
  const invoked = fn.invoke({ stop: true });
  await debugged.stopped;
  await expect.poll(() => modeOf(emu), { timeout: 10_000 }).toBe("frozen");
  const { now } = await emu.clock.read();
  // Its time-out is the same, and begins later.
  expect(await other.invoke()).toMatchObject({ functionError: "Unhandled" });
  // Shorter than what has passed and is still to pass: who waits is held as well.
  const idle = emu.idle({ timeoutMs: 500 });
  expect(await other.invoke()).toMatchObject({ functionError: "Unhandled" });
  expect(await emu.clock.read()).toEqual({ mode: "frozen", now });

  debugged.resume();
  expect(await invoked).toMatchObject({ payload: "went on" });
  expect(await idle).toEqual({ state: "idle" });
  await expect.poll(() => modeOf(emu), { timeout: 10_000 }).toBe("running");
});

test("nor does one whose emulator is stopped with it", async () => {
  await using emulator = await startTestEmulator();
  await using other = await emulator.emu.attachHandler("other", () => new Promise(() => {}), {
    timeout: 1,
    concurrency: 2,
  });
  await using debugged = await debugProcess(script);
  await using emu = await connect(debugged.line);
  const invoked = emu.function("stopped").invoke({ stop: true });
  await debugged.stopped;
  for (let count = 0; count < 2; count++) expect(await other.invoke()).toMatchObject({ functionError: "Unhandled" });
  debugged.resume();
  expect(await invoked).toMatchObject({ payload: "went on" });
});

test("a debugger that stops nothing stops no time", async () => {
  await using emulator = await startTestEmulator();
  const { emu } = emulator;
  await using _ = await debugProcess(script, emu.endpoint);
  for (let count = 0; count < 20; count++) await emu.function("stopped").invoke({});
  expect(await modeOf(emu)).toBe("running");
});
