import { join } from "node:path";
import { workerData } from "node:worker_threads";
import { DataError } from "../core/data-error.ts";
import { openDatabase } from "./open-database.ts";

interface Race {
  readonly directory: string;
  readonly rounds: number;
  readonly openers: number;
  /** Three counters for each round: who is about to open, who has tried, and who has opened. */
  readonly shared: Int32Array;
}

const { directory, rounds, openers, shared }: Race = workerData;

/** Resolved by looking on: to be woken takes longer than what is raced for. */
function meet(counter: number): void {
  Atomics.add(shared, counter, 1);
  while (Atomics.load(shared, counter) < openers);
}

// Each round has a new directory.
for (let round = 0; round < rounds; round++) {
  meet(3 * round);
  let close = (): void => {};
  try {
    const { database } = openDatabase(join(directory, String(round)), "1.2.3");
    close = () => database.close();
    Atomics.add(shared, 3 * round + 2, 1);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
  }
  meet(3 * round + 1);
  close();
}
