/** The action's last step, when the job ends: shows what the emulator wrote and removes its container. */
import { docker, fail } from "./docker.mjs";

const container = process.env["STATE_container"];
if (container) {
  try {
    process.stdout.write("::group::LocalEmu's log\n");
    try {
      process.stdout.write(`${await docker("logs", container)}\n`);
    } finally {
      process.stdout.write("::endgroup::\n");
      await docker("rm", "--force", "--volumes", container);
    }
  } catch (error) {
    fail(error);
  }
}
