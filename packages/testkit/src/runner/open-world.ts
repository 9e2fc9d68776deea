import { ControlClient, type Info } from "@localemu/control";
import { LocalEmu } from "../local-emu.ts";
import type { RunnerOptions } from "./options.ts";

/** The world of a test file, set as the options say. */
export interface OpenWorld {
  readonly emu: LocalEmu;
  /** Drops what is in it. */
  readonly empty: () => Promise<void>;
  /** Ends it, and the connections. */
  readonly end: () => Promise<void>;
}

/** Makes a world of its own on `server`, or with isolation `none` gives the server's default one. It ends with `server`. */
export async function openWorld(server: LocalEmu, options: RunnerOptions): Promise<OpenWorld> {
  const { isolation = "file", clock } = options;
  try {
    const emu = isolation === "none" ? server : await server.createWorld();
    if (isolation !== "none") await startClock(emu, clock);
    return {
      emu,
      async empty() {
        await emu.reset();
        await startClock(emu, clock);
      },
      async end() {
        try {
          await emu.close();
        } finally {
          await server.close();
        }
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Sets the clock of a world that is new. */
export async function startClock(emu: LocalEmu, clock: RunnerOptions["clock"] = "running"): Promise<void> {
  if (clock === "frozen") await emu.clock.freeze();
  if (clock === "auto") await emu.clock.auto();
}

/** Where a world is, as text: what another process, or another realm of this one, needs to reach it. */
export async function addressOf(emu: LocalEmu): Promise<string> {
  const address: Address = { endpoint: emu.endpoint, info: await emu.control.info() };
  return JSON.stringify(address);
}

interface Address {
  readonly endpoint: string;
  readonly info: Info;
}

/** Reaches the world that `addressOf` told of. Closing what it returns ends the connections only. */
export function joinWorld(address: string): LocalEmu {
  const { endpoint, info }: Address = JSON.parse(address);
  return new LocalEmu(new ControlClient(endpoint), info, () => Promise.resolve());
}
