import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, test } from "vitest";
import { endStrays } from "./stray-processes.ts";

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

/** A process that has these variables alone; it runs when this resolves. */
async function daemon(env: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const child = spawn("/bin/sh", ["-c", "echo runs; exec sleep 1000"], {
    env: { PATH: "/usr/bin:/bin", ...env },
    stdio: ["ignore", "pipe", "ignore"],
    detached: true,
  });
  started.push(child);
  await once(child.stdout ?? child, "data");
  return child;
}

const ended = async (child: ChildProcess): Promise<string | null> =>
  child.signalCode ?? (await once(child, "exit"), child.signalCode);

describe.runIf(process.platform === "linux")(
  "what is left behind, on Linux, which tells what variables a process has",
  () => {
    test.each(["/work/0b1c", "/Jürgens Werk/0b1c"])("those that were given %s are killed", async (directory) => {
      const [code, files, other] = [
        await daemon({ LAMBDA_TASK_ROOT: `${directory}/task` }),
        await daemon({ TMPDIR: `${directory}/tmp`, LAMBDA_TASK_ROOT: "/mine" }),
        await daemon({ LAMBDA_TASK_ROOT: `${directory}2/task`, TMPDIR: `/other${directory}/tmp` }),
      ];
      await endStrays(directory);
      expect(await Promise.all([code, files].map(ended))).toEqual(["SIGKILL", "SIGKILL"]);
      expect([other.exitCode, other.signalCode]).toEqual([null, null]);
    });

    test("who asks during a search is answered by the next", async () => {
      const first = endStrays("/nowhere");
      await Promise.resolve();
      const late = await daemon({ TMPDIR: "/work/late/tmp" });
      await Promise.all([first, endStrays("/work/late"), endStrays("/nowhere")]);
      expect(await ended(late)).toBe("SIGKILL");
    });
  },
);
