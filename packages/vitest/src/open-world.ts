import type { LocalEmu } from "@localemu/testkit";
import type { LocalEmuPluginOptions } from "./options.ts";

/** A world that has the clock of the options, and how it ends. */
export interface OpenWorld {
  readonly emu: LocalEmu;
  readonly end: () => Promise<void>;
}

/** Makes a world on `server`, which ends with it. */
export async function openWorld(
  server: LocalEmu,
  { isolation, clock }: Pick<LocalEmuPluginOptions, "isolation" | "clock">,
): Promise<OpenWorld> {
  if (isolation === "none") return { emu: server, end: () => server.close() };
  const emu = await server.createWorld();
  await startClock(emu, clock);
  return {
    emu,
    async end() {
      await emu.close();
      await server.close();
    },
  };
}

export async function startClock(emu: LocalEmu, clock: LocalEmuPluginOptions["clock"]): Promise<void> {
  if (clock === "frozen") await emu.clock.freeze();
  if (clock === "auto") await emu.clock.auto();
}
