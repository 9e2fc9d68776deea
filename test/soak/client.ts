/** One client of the soak, in a process of its own: `client.ts <endpoint> <yardstick> <which work> <seed>`; a message begins each step. */
import { connect } from "@localemu/testkit";
import { seededRandom } from "../../packages/emulator/src/core/random.ts";
import { Calls, every, yardstick } from "./calls.ts";
import type { CallReport } from "./calls.ts";
import { functions } from "./functions.ts";
import { queuesAndTables } from "./queues-and-tables.ts";
import { streams } from "./streams.ts";
import { worlds } from "./worlds.ts";

export const works = { streams, queuesAndTables, functions, worlds };

export type WorkName = keyof typeof works;

export type Step =
  | { readonly step: "prepare" | "finish" }
  /** For so many milliseconds. */
  | { readonly step: "run"; readonly ms: number };

/** Sent when a step is done. */
export type StepReport = CallReport;

/** How often the machine itself is measured, milliseconds. */
const yardstickMs = 100;

async function main([endpoint = "", bare = "", which = "", seed = ""]: readonly string[]): Promise<void> {
  const emu = await connect(endpoint);
  const calls = new Calls();
  const makeWork = Object.entries(works).find(([name]) => name === which)?.[1];
  if (makeWork === undefined) throw new Error(`there is no work ${which}`);
  const work = makeWork({ name: which, emu, calls, random: seededRandom(Number(seed)) });
  const measureMachine = () => calls.measure(yardstick, async () => void (await (await fetch(bare)).text()));
  const run = (until: number) => Promise.all([work.run(until), every(yardstickMs, until, measureMachine)]);
  const take = async (message: Step): Promise<void> => {
    try {
      if (message.step === "prepare") await work.prepare();
      else if (message.step === "run") await run(performance.now() + message.ms);
      else for (const problem of await work.finish()) calls.note(problem);
    } catch (error) {
      calls.note(`${message.step}: ${error instanceof Error ? error.stack : String(error)}`);
    }
    process.send?.(calls.take());
  };
  process.on("message", (message: Step) => void take(message));
  process.send?.("ready");
}

await main(process.argv.slice(2));
