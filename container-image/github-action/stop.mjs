/** The action's last step, when the job ends: shows what the emulator wrote and removes its container. */
import { randomUUID } from "node:crypto";
import { docker, fail } from "./docker.mjs";

const container = process.env["STATE_container"];
if (container) {
  try {
    // What a function has written may look like a command to GitHub's runner.
    const token = randomUUID();
    process.stdout.write(`::group::LocalEmu's log\n::stop-commands::${token}\n`);
    try {
      process.stdout.write(`${await docker("logs", container)}\n`);
    } finally {
      process.stdout.write(`::${token}::\n::endgroup::\n`);
      await docker("rm", "--force", "--volumes", container);
    }
  } catch (error) {
    fail(error);
  }
}
