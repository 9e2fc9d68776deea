import type { LocalEmu } from "@localemu/testkit";
import type { OpenWorld } from "@localemu/testkit/runner";

interface Worlds {
  /** The world of the file that runs. */
  current: LocalEmu | undefined;
  /** The world that the files of this process share. */
  kept: OpenWorld | undefined;
  /** Where the world of the file is, where the environment made it: outside of the context that the file runs in. */
  endpoint: string | undefined;
}

/** The setup file and the tests may have different instances of this module: they meet in the global object. */
const key = Symbol.for("@localemu/vitest");

function worlds(global: object = globalThis): Worlds {
  const known: unknown = Reflect.get(global, key);
  if (isWorlds(known)) return known;
  const made: Worlds = { current: undefined, kept: undefined, endpoint: undefined };
  Reflect.set(global, key, made);
  return made;
}

function isWorlds(value: unknown): value is Worlds {
  return typeof value === "object" && value !== null && "kept" in value && "endpoint" in value;
}

export function setCurrentWorld(emu: LocalEmu | undefined): void {
  worlds().current = emu;
}

/** Throws an Error where the plugin is missing. */
export function currentWorld(): LocalEmu {
  const { current } = worlds();
  if (current !== undefined) return current;
  throw new Error(
    "There is no LocalEmu world: add localemu() of @localemu/vitest/plugin to the plugins of vitest.config.ts",
  );
}

export function setWorldEndpoint(endpoint: string | undefined, global: object): void {
  worlds(global).endpoint = endpoint;
}

/** Undefined where the plugin made the file's world. */
export function worldEndpoint(): string | undefined {
  const { current, endpoint } = worlds();
  return current === undefined ? endpoint : undefined;
}

export function keptWorld(): OpenWorld | undefined {
  return worlds().kept;
}

export function keepWorld(world: OpenWorld): void {
  worlds().kept = world;
}
