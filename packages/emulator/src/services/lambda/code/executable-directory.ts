import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Tries whether programs in a directory can be executed, which a mount with the option noexec forbids. */
export async function mayExecuteIn(directory: string): Promise<boolean> {
  await mkdir(directory, { recursive: true });
  const trial = await mkdtemp(join(directory, "trial-"));
  try {
    const script = join(trial, "script");
    await writeFile(script, "#!/bin/sh\n");
    await chmod(script, 0o755);
    return await new Promise((resolve) => {
      const child = spawn(script, { stdio: "ignore" });
      child.once("error", (error) => resolve(!("code" in error && error.code === "EACCES")));
      child.once("exit", () => resolve(true));
    });
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
}
