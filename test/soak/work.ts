import type { LocalEmu } from "@localemu/testkit";
import type { Random } from "../../packages/emulator/src/core/random.ts";
import type { Calls } from "./calls.ts";

/** What a client has for its work. */
export interface Bench {
  /** Unlike those of other clients. */
  readonly name: string;
  readonly emu: LocalEmu;
  readonly calls: Calls;
  readonly random: Random;
}

/** One client's part of the traffic: rounds, after each of which nothing of it may be left. */
export interface Work {
  /** Makes what the round needs. */
  prepare(): Promise<void>;
  /** Calls at a steady pace until that moment of `performance.now()`. */
  run(until: number): Promise<void>;
  /** Says what is wrong now that all has been done, and deletes everything. */
  finish(): Promise<readonly string[]>;
}
