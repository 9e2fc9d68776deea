import type { LocalEmu } from "@localemu/testkit";
import { joinWorld } from "@localemu/testkit/runner";

/**
 * What the environment tells the modules of a test file, by the file's global object: these are made in a realm of their own,
 * so that what handles give them are its own objects and `toStrictEqual` holds.
 */
export interface FileWorld {
  readonly address: string;
  /** What has joined the world and is to be closed with the file; a module that was reset joins again. */
  readonly joined: LocalEmu[];
}

const key = Symbol.for("@localemu/jest");

/** Sets the world of a test file, whose global object is given. */
export function setFileWorld(target: object, address: string): FileWorld {
  const world: FileWorld = { address, joined: [] };
  Reflect.set(target, key, world);
  return world;
}

/** Reaches the world of the file whose global object is given. Throws an Error where there is none. */
export function joinFileWorld(target: object): LocalEmu {
  const world: unknown = Reflect.get(target, key);
  if (!isFileWorld(world)) {
    throw new Error('There is no LocalEmu world: set preset: "@localemu/jest" in the configuration of Jest');
  }
  const emu = joinWorld(world.address);
  world.joined.push(emu);
  return emu;
}

function isFileWorld(value: unknown): value is FileWorld {
  return typeof value === "object" && value !== null && "address" in value && "joined" in value;
}
