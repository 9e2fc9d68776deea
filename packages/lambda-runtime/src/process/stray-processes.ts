/** How often it is looked for those that came to be while others were killed. */
const ROUNDS = 5;

/** How many processes are looked at at a time: whoever opens files meanwhile must not wait for all. */
const AT_A_TIME = 32;

let searching: Promise<void> = Promise.resolve();
let next: { readonly directories: Set<string>; readonly done: Promise<void> } | undefined;

/**
 * Kills the processes that have left the process group of an environment, as daemons do: those that were given its directory for
 * their code or their files, and still have these variables. On Linux only; elsewhere they are not found. It never rejects.
 */
export function endStrays(directory: string): Promise<void> {
  if (next === undefined) {
    const directories = new Set<string>();
    // One search after the other; those who ask during one share the next.
    const done = searching.then(() => {
      next = undefined;
      return endAll([...directories]);
    });
    next = { directories, done };
    searching = done;
  }
  next.directories.add(directory);
  return next.done;
}

async function endAll(directories: readonly string[]): Promise<void> {
  const marks = directories
    .flatMap((directory) => [`\0LAMBDA_TASK_ROOT=${directory}/task\0`, `\0TMPDIR=${directory}/tmp\0`])
    .map((mark) => Buffer.from(mark));
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = await strays(marks);
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
  }
}

async function strays(marks: readonly Buffer[]): Promise<number[]> {
  const { readdir } = process.getBuiltinModule("node:fs").promises;
  const names = await readdir("/proc").catch(() => []);
  const pids = names.map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const found: number[] = [];
  for (let at = 0; at < pids.length; at += AT_A_TIME) {
    const some = pids.slice(at, at + AT_A_TIME);
    const marked = await Promise.all(some.map((pid) => isMarked(pid, marks)));
    found.push(...some.filter((_, index) => marked[index]));
  }
  return found;
}

const SEPARATOR = Buffer.from([0]);

/** A process of somebody else, or that is gone or a zombie, tells nothing. */
async function isMarked(pid: number, marks: readonly Buffer[]): Promise<boolean> {
  try {
    const environment = await process.getBuiltinModule("node:fs").promises.readFile(`/proc/${pid}/environ`);
    const variables = Buffer.concat([SEPARATOR, environment, SEPARATOR]);
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
