/** How often it is looked for those that came to be while others were killed. */
const ROUNDS = 5;

let next: { readonly directories: Set<string>; readonly done: Promise<void> } | undefined;

/**
 * Kills the processes that have left the process group of an environment, as daemons do: those that were given its directory for
 * their code or their files. On Linux only; elsewhere they are not found. Whoever asks in the same turn shares one search.
 */
export function endStrays(directory: string): Promise<void> {
  if (next === undefined) {
    const directories = new Set<string>();
    const done = Promise.resolve().then(() => {
      next = undefined;
      return endAll([...directories]);
    });
    next = { directories, done };
  }
  next.directories.add(directory);
  return next.done;
}

async function endAll(directories: readonly string[]): Promise<void> {
  const marks = directories.flatMap((directory) => [
    `\0LAMBDA_TASK_ROOT=${directory}/task\0`,
    `\0TMPDIR=${directory}/tmp\0`,
  ]);
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = await strays(marks);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
  }
}

async function strays(marks: readonly string[]): Promise<number[]> {
  const { readdir } = process.getBuiltinModule("node:fs").promises;
  const names = await readdir("/proc").catch(() => []);
  const pids = names.map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const found = await Promise.all(pids.map((pid) => isMarked(pid, marks)));
  return pids.filter((_, at) => found[at]);
}

/** A process of somebody else, or that is gone or a zombie, tells nothing. */
async function isMarked(pid: number, marks: readonly string[]): Promise<boolean> {
  try {
    const environment = await process.getBuiltinModule("node:fs").promises.readFile(`/proc/${pid}/environ`, "latin1");
    const variables = `\0${environment}\0`;
    return marks.some((mark) => variables.includes(mark));
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone, or has become somebody else's.
  }
}
