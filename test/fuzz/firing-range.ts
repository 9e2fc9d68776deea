import { EmulatorUnderFire } from "./emulator-under-fire.ts";
import type { Holdings } from "./emulator-under-fire.ts";
import type { Range } from "./campaign.ts";

/** The most memory that the emulator's process may hold, however much bad input it had, in MiB. */
export const mostResidentMiB = 700;

/** Has an emulator at hand, and another when one did not survive. */
export class FiringRange implements Range, AsyncDisposable {
  #emulator: Promise<EmulatorUnderFire> | undefined;
  #before: Holdings | undefined;

  async current(): Promise<EmulatorUnderFire> {
    const emulator = await (this.#emulator ??= EmulatorUnderFire.start());
    if (emulator.ended) {
      await this.replace();
      return this.current();
    }
    if (this.#before === undefined) {
      await emulator.assertWell();
      this.#before = emulator.holdings;
    }
    return emulator;
  }

  /** Rejects when the emulator holds more than it should after all that it was sent. */
  async assertBounded(): Promise<void> {
    const emulator = await this.current();
    await emulator.reset();
    if (this.#before !== undefined) await emulator.assertClosed(this.#before);
    const { residentMiB } = emulator.holdings;
    if (residentMiB > mostResidentMiB) throw new Error(`it holds ${residentMiB.toFixed(0)} MiB of memory`);
  }

  /** Goes on with another emulator. */
  async replace(): Promise<void> {
    const emulator = await this.#emulator;
    this.#emulator = undefined;
    this.#before = undefined;
    await emulator?.[Symbol.asyncDispose]();
  }

  /** Rejects unless the emulator ends in peace. */
  async stop(): Promise<void> {
    const emulator = await this.#emulator;
    await emulator?.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.replace();
  }
}
