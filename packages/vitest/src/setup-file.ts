import { connect } from "@localemu/testkit";
import { newestEntry, openWorld, setVariables } from "@localemu/testkit/runner";
import type { OpenWorld } from "@localemu/testkit/runner";
import { afterAll, afterEach, beforeEach, inject } from "vitest";
import { keptWorld, keepWorld, setCurrentWorld } from "./current-world.ts";
import type { RunnerTestCase } from "vitest";
import "./extend.ts";
import { showTimeline, summarize } from "./timeline-on-failure.ts";

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
  const world = kept ?? (await newWorld());
  if (kept === undefined) keepWorld(world);
  else if (isolation !== "none") await kept.empty();
  // Whose file has ended handles nothing any more, in a world that is not emptied either.
  return { ...world, end: () => world.emu.endMade() };
}

// Before the test file is imported: what it makes at its top level must reach the world as well.
const world = await (isolate ? newWorld() : sharedWorld());
const { emu } = world;
const restoreVariables = setVariables(process.env, emu.getEnvironment());
setCurrentWorld(emu);

/** By test, for tests may run at once. */
const newest = new WeakMap<object, number | undefined>();
beforeEach(async ({ task }) => {
  if (isolation === "test") await world.empty();
  newest.set(task, await newestEntry(emu));
});
/** Of the last attempt that failed, by test. */
const timelines = new Map<RunnerTestCase, string>();
afterEach(async ({ task }) => {
  const text = await showTimeline(task, newest.get(task));
  if (text !== undefined) timelines.set(task, text);
});
afterAll(async () => {
  summarize(timelines);
  setCurrentWorld(undefined);
  restoreVariables();
  await world.end();
});
