import type { TestProject, Vitest } from "vitest/node";
import { openEmulator } from "@localemu/testkit/runner";
import type { OpenEmulator } from "@localemu/testkit/runner";

interface Shared {
  readonly emu: Promise<OpenEmulator>;
  users: number;
}

/** By what an emulator is wanted for. */
type OfRun = Map<string, Shared>;

/** Each project of a run has its own instance of this module: they meet in the global object. */
const key = Symbol.for("@localemu/vitest/runs");

/** One emulator for a run, however many projects it has that want the same. */
function emulatorsOf(vitest: Vitest): OfRun {
  const known: unknown = Reflect.get(globalThis, key);
  const runs: WeakMap<Vitest, OfRun> = known instanceof WeakMap ? known : new WeakMap();
  if (runs !== known) Reflect.set(globalThis, key, runs);
  const ofRun = runs.get(vitest) ?? new Map<string, Shared>();
  runs.set(vitest, ofRun);
  return ofRun;
}

const packages = {
  loadLocalEmu: () => import("@localemu/testcontainers"),
  loadTestcontainers: () => import("testcontainers"),
};

/** Vitest's global setup: starts or finds the emulator, and tells the workers where it is. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const options = project.config.provide.localemuOptions ?? {};
  const { runtime, endpoint } = options;
  const wanted = JSON.stringify([runtime, endpoint]);
  const ofRun = emulatorsOf(project.vitest);
  let entry = ofRun.get(wanted);
  if (entry === undefined) ofRun.set(wanted, (entry = { emu: openEmulator(options, process.env, packages), users: 0 }));
  entry.users++;
  const emu = await entry.emu;
  project.provide("localemuEndpoint", emu.endpoint);
  return async () => {
    if (--entry.users > 0) return;
    ofRun.delete(wanted);
    await emu.close();
  };
}
