import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/** AWS: this many threads for each processor (aws-lambda-ric 4). */
const THREADS_PER_CPU = 8;
// AWS: options of V8 that a thread may not have (aws-lambda-ric 4).
const OF_PROCESS = ["--expose-gc", "--max-semi-space-size", "--max-old-space-size"];

/**
 * Runs the file in as many threads as the environment says, each with memory of its own and a poll of its own.
 * A thread that ends is not replaced.
 */
export function startWorkers(file: string, environment: NodeJS.ProcessEnv): void {
  const execArgv = process.execArgv.filter((argument) => !OF_PROCESS.some((option) => argument.startsWith(option)));
  for (let count = workerCount(environment); count > 0; count -= 1) {
    // AWS: what ends a thread is not told (aws-lambda-ric 4).
    new Worker(file, { env: environment, execArgv }).on("error", () => undefined);
  }
}

function workerCount(environment: NodeJS.ProcessEnv): number {
  const wanted = Number.parseInt(environment["AWS_LAMBDA_NODEJS_WORKER_COUNT"] ?? "", 10);
  if (wanted > 0) {
    return wanted;
  }
  const most = Number.parseInt(environment["AWS_LAMBDA_MAX_CONCURRENCY"] ?? "", 10) || 1;
  return Math.min(THREADS_PER_CPU * cpus(), most);
}

/** The processors that the container may use, or all. */
function cpus(): number {
  try {
    const [quota = "", period = ""] = readFileSync("/sys/fs/cgroup/cpu.max", "utf8").split(/\s+/);
    const limit = Math.ceil(Number(quota) / Number(period));
    return limit >= 1 ? limit : availableParallelism();
  } catch {
    return availableParallelism();
  }
}
