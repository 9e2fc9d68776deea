import type { TestProject, Vitest } from "vitest/node";
import { openEmulator } from "@localemu/testkit/runner";
import type { OpenEmulator } from "@localemu/testkit/runner";

interface Shared {
  readonly emu: Promise<OpenEmulator>;
  users: number;
}

/** One emulator for a run, however many projects it has that want the same. */
const shared = new WeakMap<Vitest, Map<string, Shared>>();

const packages = {
  loadLocalEmu: () => import("@localemu/testcontainers"),
  loadTestcontainers: () => import("testcontainers"),
};

/** Vitest's global setup: starts or finds the emulator, and tells the workers where it is. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const options = project.config.provide.localemuOptions ?? {};
  const { runtime, endpoint } = options;
  const key = JSON.stringify([runtime, endpoint]);
  let ofRun = shared.get(project.vitest);
  if (ofRun === undefined) shared.set(project.vitest, (ofRun = new Map()));
  let entry = ofRun.get(key);
  if (entry === undefined) ofRun.set(key, (entry = { emu: openEmulator(options, process.env, packages), users: 0 }));
  entry.users++;
  const emu = await entry.emu;
  project.provide("localemuEndpoint", emu.endpoint);
  return async () => {
    if (--entry.users > 0) return;
    ofRun.delete(key);
    await emu.close();
  };
}
