import { connect } from "@localemu/testkit";
import type { LocalEmu } from "@localemu/testkit";
import { afterAll, afterEach, beforeEach, inject } from "vitest";
import { keptWorld, keepWorld, setCurrentWorld } from "./current-world.ts";
import { setVariables } from "./environment-variables.ts";
import "./extend.ts";
import { type OpenWorld, openWorld, startClock } from "./open-world.ts";
import { newestEntry, showTimeline } from "./timeline-on-failure.ts";

const { isolation = "file", clock = "running" } = inject("localemuOptions");
const isolate = inject("localemuIsolate");

async function newWorld(): Promise<OpenWorld> {
  return openWorld(await connect(inject("localemuEndpoint")), { isolation, clock });
}

/**
 * Modules that are shared keep their clients, and clients keep the endpoint that they called first: the world of the files before
 * is used again. It ends with the process, by its lease.
 */
async function sharedWorld(): Promise<OpenWorld> {
  const kept = keptWorld();
  if (kept === undefined) keepWorld((await newWorld()).emu);
  else if (isolation !== "none") await empty(kept);
  const emu = keptWorld();
  if (emu === undefined) throw new Error("the world was not kept");
  return { emu, end: () => Promise.resolve() };
}

async function empty(emu: LocalEmu): Promise<void> {
  await emu.reset();
  await startClock(emu, clock);
}

// Before the test file is imported: what it makes at its top level must reach the world as well.
const world = await (isolate ? newWorld() : sharedWorld());
const { emu } = world;
const restoreVariables = setVariables(process.env, emu.getEnvironment());
setCurrentWorld(emu);

/** By test, for tests may run at once. */
const newest = new WeakMap<object, number | undefined>();
beforeEach(async ({ task }) => {
  if (isolation === "test") await empty(emu);
  newest.set(task, await newestEntry());
});
afterEach(({ task }) => showTimeline(task, newest.get(task)));
afterAll(async () => {
  setCurrentWorld(undefined);
  restoreVariables();
  await world.end();
});
