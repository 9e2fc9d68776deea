import type { TimelineEntry } from "@localemu/control";
import { LocalEmuContainer } from "@localemu/testcontainers";
import type { LocalEmu } from "@localemu/testkit";
import { expect, inject, test } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import { createFunction, invoke } from "../emulator/functions.ts";
import { checkMainJob, mainJobResult } from "../main-job/check-main-job.ts";
import { hasDocker, removeStopped } from "./container.ts";

/** What `docker run --read-only --cap-drop ALL --tmpfs /tmp:<options>` makes. */
class HardenedContainer extends LocalEmuContainer {
  constructor(temporaryFiles: string) {
    super(inject("image"));
    this.hostConfig.ReadonlyRootfs = true;
    this.withDroppedCapabilities("ALL").withTmpFs({ "/tmp": temporaryFiles });
  }
}

const surroundings = `
  export const handler = async () => ({
    user: process.getuid(),
    foreign: Object.keys(process.env).filter((name) => /^(LOCALEMU_|NODE_VERSION|YARN_|HOSTNAME|HOME)/.test(name)),
  });`;

test.runIf(hasDocker)("it runs read-only, without capabilities and not as root", async () => {
  await using container = await new HardenedContainer("exec").start();
  expect(await checkMainJob({ ...clientsOf(container.emu), emu: container.emu })).toEqual(mainJobResult);

  const { lambda } = clientsOf(container.emu);
  await createFunction(lambda, "surroundings", surroundings);
  expect(await invoke(lambda, "surroundings")).toEqual({ user: 1000, foreign: [] });
});

test.runIf(hasDocker)("functions for Node.js need no place where programs may be started", async () => {
  await using container = await new HardenedContainer("noexec").start();
  const { lambda } = clientsOf(container.emu);
  await createFunction(lambda, "surroundings", surroundings);
  expect(await invoke(lambda, "surroundings")).toMatchObject({ user: 1000 });
});

test.runIf(hasDocker)("SIGTERM ends it within two seconds, with an invocation under way", async () => {
  await using container = await new HardenedContainer("exec").start();
  const { lambda } = clientsOf(container.emu);
  await createFunction(lambda, "endless", "export const handler = () => new Promise(setInterval);", { Timeout: 60 });
  const outcome = invoke(lambda, "endless").catch((error: unknown) => error);
  await happened(container.emu, "function.invoked");

  const before = performance.now();
  await container.stop({ timeout: 10_000, remove: false });
  const took = performance.now() - before;
  const { State } = await removeStopped(container.getId());
  expect(State.ExitCode).toBe(0);
  expect(took).toBeLessThan(2000);
  expect(await outcome).toBeInstanceOf(Error);
});

async function happened(emu: LocalEmu, type: TimelineEntry["type"]): Promise<void> {
  for await (const entry of emu.control.followTimeline()) if (entry.type === type) return;
}
