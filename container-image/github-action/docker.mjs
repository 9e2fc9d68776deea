import { spawn } from "node:child_process";

/**
 * Runs the command `docker` and gives what it wrote to standard output. What it writes to standard error goes to the job's log.
 * Throws an Error with the exit code when it fails.
 *
 * @param {readonly string[]} args
 * @returns {Promise<string>}
 */
export function docker(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn("docker", args, { stdio: ["ignore", "pipe", "inherit"] });
    let written = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (written += text));
    child.once("error", (error) => reject(new Error(`the command docker cannot be run: ${error.message}`)));
    child.once("close", (code) => {
      if (code === 0) resolve(written.trim());
      else reject(new Error(`docker ${args[0]} failed (exit code ${code}), see above`));
    });
  });
}

/**
 * Ends the step with an error, which GitHub shows beside the workflow's file.
 *
 * @param {unknown} error
 */
export function fail(error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stdout.write(`::error title=LocalEmu::${message.replaceAll("%", "%25").replaceAll("\n", "%0A")}\n`);
  process.exitCode = 1;
}
