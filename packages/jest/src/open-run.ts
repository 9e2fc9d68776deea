import type { OpenEmulator } from "@localemu/testkit/runner";

/** Global setup and teardown have instances of this module of their own: they meet in the global object. */
const key = Symbol.for("@localemu/jest/run");

/** Keeps the emulator of the run, for `takeOpenEmulator`. */
export function keepOpenEmulator(emulator: OpenEmulator): void {
  Reflect.set(globalThis, key, emulator);
}

/** Gives the emulator that was kept, once. */
export function takeOpenEmulator(): OpenEmulator | undefined {
  const kept: unknown = Reflect.get(globalThis, key);
  Reflect.deleteProperty(globalThis, key);
  return isOpenEmulator(kept) ? kept : undefined;
}

function isOpenEmulator(value: unknown): value is OpenEmulator {
  return typeof value === "object" && value !== null && "close" in value && "endpoint" in value;
}
