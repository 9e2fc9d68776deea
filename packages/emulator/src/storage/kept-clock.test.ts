import { expect, test } from "vitest";
import { fakeHostTime } from "../core/fake-host-time.ts";
import { WorldClock } from "../core/world-clock.ts";
import { clockKeeper, startClock } from "./kept-clock.ts";
import { keepingNothing } from "./keeping.ts";
import type { Keeping } from "./keeping.ts";
import { memoryDocuments } from "./memory-documents.ts";

/** Starts a clock on a host whose time is `epoch`. */
function started(keeping: Keeping, mode: "running" | "frozen" | "auto", epoch = 1_000_000) {
  const host = fakeHostTime(epoch);
  const clock = new WorldClock(host, () => {}, clockKeeper(keeping, mode));
  startClock(clock, keeping, mode);
  return { clock, host };
}

test("where nothing is kept it starts as it is told, with the host's time", () => {
  expect(started(keepingNothing, "running").clock.now()).toBe(1_000_000);
  const { clock, host } = started(keepingNothing, "frozen");
  host.pass(1000);
  expect(clock).toMatchObject({ mode: "frozen" });
  expect(clock.now()).toBe(1_000_000);
});

test("it goes on from where it was moved to, and time that ran goes on running", () => {
  const keeping = { ...keepingNothing, documents: memoryDocuments() };
  started(keeping, "running").clock.moveTo(5_000_000);
  expect(started(keeping, "running", 1_000_100).clock.now()).toBe(5_000_100);
});

test("time that stands still stays there, until another mode is asked for", () => {
  const keeping = { ...keepingNothing, documents: memoryDocuments() };
  started(keeping, "frozen");
  for (const mode of ["frozen", "auto", "auto"] as const) {
    const { clock } = started(keeping, mode, 2_000_000);
    expect(clock.mode).toBe(mode);
    expect(clock.now()).toBe(1_000_000);
  }
});

test("it is not behind the newest record where the host's clock was set back", () => {
  const { clock, host } = started({ ...keepingNothing, latestArrival: 1_500_000 }, "running");
  expect(clock.now()).toBe(1_500_000);
  host.pass(600_000);
  expect(clock.now()).toBe(1_600_000);
});
