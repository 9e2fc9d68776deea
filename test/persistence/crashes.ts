import { watch } from "node:fs";
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
  /** How many answers an emulator may give before it is killed, at most. */
  readonly mostAnswers: number;
  /** Gives numbers from 0 up to, but not, 1. */
  readonly random: () => number;
}

/** How likely it is killed as it starts, and how long after it has opened its file, at most, in milliseconds: while it recovers. */
const killedAtStart = 0.2;
const longestStartMs = 50;

/** Kills emulators at random points under a load, and looks at what each next one has. Answers what was lost. */
export async function crash(load: Load, { kills, mostAnswers, random }: CrashOptions): Promise<readonly string[]> {
  await using directory = await newDataDirectory();
  const args = ["start", "--port", "0", "--data-dir", directory.dataDir];
  let isPrepared = false;
  for (let killed = 0; killed <= kills; killed++) {
    if (isPrepared && killed < kills && random() < killedAtStart) {
      await startAndKill(directory.dataDir, args, random() * longestStartMs);
      continue;
    }
    await using command = new Command(args);
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

/** Nothing is tried by killing what has not come to its file yet: loading the program may take longer than anything after it. */
async function startAndKill(dataDir: string, args: readonly string[], afterMs: number): Promise<void> {
  const opened = Promise.withResolvers<void>();
  const watcher = watch(dataDir, (_, file) => {
    // What was committed before is there already: this is the first write of the one that starts.
    if (file === "localemu.db-wal") opened.resolve();
  });
  try {
    await using command = new Command(args);
    const ended = command.ended.then(({ errors }) => {
      throw new Error(`it ended before it opened its file: ${errors}`);
    });
    await Promise.race([opened.promise, ended]);
    ended.catch(() => {});
    await passed(afterMs);
  } finally {
    watcher.close();
  }
}

function passed(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
