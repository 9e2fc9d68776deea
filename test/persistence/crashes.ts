import { connect } from "@localemu/testkit";
import type { LocalEmu } from "@localemu/testkit";
import { Command } from "../emulator/command-line.ts";
import { clientsOf } from "../emulator/emulator.ts";
import type { Clients } from "../emulator/emulator.ts";
import { newDataDirectory } from "./data-directory.ts";

/** An emulator that will be killed. */
export interface Victim extends Clients {
  readonly emu: LocalEmu;
  /** Where files can be left that outlive it. */
  readonly directory: string;
}

/** What is done to emulators that are killed one after the other, on one data directory. */
export interface Load {
  /** Makes what it works on; once. */
  prepare(victim: Victim): Promise<void>;
  /** Works until calls fail because the emulator is gone; tells of each call that is answered. */
  run(victim: Victim, onAnswer: () => void): Promise<void>;
  /** Says what is not as it was acknowledged, after each start. */
  problems(victim: Victim): Promise<readonly string[]>;
}

export interface CrashOptions {
  readonly kills: number;
  /** Gives numbers from 0 up to, but not, 1. */
  readonly random: () => number;
}

/** How many answers an emulator may give before it is killed, at most. */
const mostAnswers = 150;
/** How likely it is killed as it starts, that is, while it recovers; and how long it has been started then, at most, in milliseconds. */
const killedAtStart = 0.2;
const longestStartMs = 120;

/** Kills emulators at random points under a load, and looks at what each next one has. Answers what was lost. */
export async function crash(load: Load, { kills, random }: CrashOptions): Promise<readonly string[]> {
  await using directory = await newDataDirectory();
  const args = ["start", "--port", "0", "--data-dir", directory.dataDir];
  let isPrepared = false;
  for (let killed = 0; killed <= kills; killed++) {
    await using command = new Command(args);
    if (isPrepared && killed < kills && random() < killedAtStart) {
      await passed(random() * longestStartMs);
      continue;
    }
    const emu = await connect(await command.ready);
    const victim = { emu, directory: directory.dataDir, ...clientsOf(emu, { maxAttempts: 1 }) };
    if (!isPrepared) await load.prepare(victim);
    isPrepared = true;
    const problems = await load.problems(victim);
    if (problems.length > 0) return [`after ${killed} kills:`, ...problems];
    if (killed < kills) {
      let left = 1 + Math.floor(random() * mostAnswers);
      await load.run(victim, () => {
        if (--left === 0) command.signal("SIGKILL");
      });
    }
  }
  return [];
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
