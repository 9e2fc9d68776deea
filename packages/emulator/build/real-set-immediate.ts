import { hostTime } from "../src/core/host-time.ts";

/**
 * The build puts this in the place of the global one, for the bundled packages: they are loaded on demand, maybe while a test that
 * started the emulator in its own process fakes timers.
 */
export function setImmediate<Arguments extends unknown[]>(
  callback: (...given: Arguments) => void,
  ...given: Arguments
): void {
  hostTime.setImmediate(() => callback(...given));
}
