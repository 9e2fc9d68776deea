import { endUser } from "./environment-directory.ts";
import { endStrays } from "./stray-processes.ts";

/** By the directory of the environment. */
const ending = new Map<string, Promise<void>>();

/**
 * Begins to kill the processes that those of an environment have left behind: all of its user, or those that show that they are of
 * its directory. Nobody who waits for the environment's answer waits for that.
 */
export function endLeftovers(directory: string, user: number | undefined): void {
  const done = (user === undefined ? endStrays(directory) : endUser(user))
    // They have a second end, with the directory.
    .catch(() => undefined)
    .finally(() => ending.delete(directory));
  ending.set(directory, done);
}

/** Resolves when that is done; undefined where there is nothing to wait for. It never rejects. */
export function leftoversEnded(directory: string): Promise<void> | undefined {
  return ending.get(directory);
}
