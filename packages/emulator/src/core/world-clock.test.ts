import { describe, expect, test } from "vitest";
import { fakeHostTime } from "./fake-host-time.ts";
import { WorldClock } from "./world-clock.ts";
import type { ClockPlace } from "./world-clock.ts";

const work = { kind: "work", label: "test" } as const;

function setUp() {
  const host = fakeHostTime();
  const errors: unknown[] = [];
  const clock = new WorldClock(host, (error) => errors.push(error));
  return { host, clock, errors };
}

describe("WorldClock while running", () => {
  test("follows the host's time", () => {
    const { host, clock } = setUp();
    const start = clock.now();
    host.pass(1500);
    expect(clock.now() - start).toBe(1500);
  });

  test("never goes back when the host's time does", () => {
    const host = fakeHostTime();
    let skew = 0;
    const clock = new WorldClock({ ...host, epoch: () => host.epoch() + skew }, () => {});
    host.pass(1000);
    const before = clock.now();
    skew = -500;
    expect(clock.now()).toBe(before);
  });

  test("fires timers in the order of their time, then of their scheduling", () => {
    const { host, clock } = setUp();
    const fired: string[] = [];
    clock.schedule(20, work, () => fired.push("late"));
    clock.schedule(10, work, () => fired.push("first"));
    clock.schedule(10, work, () => fired.push("second"));
    host.pass(9);
    expect(fired).toEqual([]);
    host.pass(11);
    expect(fired).toEqual(["first", "second", "late"]);
  });

  test("a cancelled timer does not fire and does not keep a timer of the host", () => {
    const { host, clock } = setUp();
    let fired = 0;
    const cancel = clock.schedule(10, work, () => fired++);
    cancel();
    cancel();
    host.pass(20);
    expect(fired).toBe(0);
    expect(clock.hasWorkTimers).toBe(false);
    expect(host.timers).toBe(0);
  });

  test("what a timer throws is told, and the others fire", () => {
    const { host, clock, errors } = setUp();
    let fired = 0;
    clock.schedule(1, work, () => {
      throw new Error("boom");
    });
    clock.schedule(1, work, () => fired++);
    host.pass(1);
    expect(errors).toEqual([new Error("boom")]);
    expect(fired).toBe(1);
  });
});

describe("WorldClock standing still", () => {
  test("fires nothing by itself and only when moved", () => {
    const { host, clock } = setUp();
    clock.setMode("frozen");
    const start = clock.now();
    let fired = 0;
    clock.schedule(10, work, () => fired++);
    host.pass(60_000);
    expect(clock.now()).toBe(start);
    expect(clock.fireDue()).toBe(false);
    clock.moveTo(start + 10);
    expect(clock.fireDue()).toBe(true);
    expect(fired).toBe(1);
    expect(clock.now()).toBe(start + 10);
  });

  test("resumes from where it stands", () => {
    const { host, clock } = setUp();
    clock.setMode("frozen");
    clock.moveTo(clock.now() + 3_600_000);
    const start = clock.now();
    host.pass(1000);
    clock.setMode("running");
    expect(clock.now()).toBe(start);
    host.pass(250);
    expect(clock.now()).toBe(start + 250);
  });

  test("cannot be moved back", () => {
    const { clock } = setUp();
    clock.setMode("frozen");
    const start = clock.now();
    clock.moveTo(start - 1);
    expect(clock.now()).toBe(start);
  });

  test("only work timers count as work", () => {
    const { clock } = setUp();
    clock.schedule(10, { kind: "housekeeping", label: "retention" }, () => {});
    expect(clock.hasWorkTimers).toBe(false);
    clock.schedule(30, { kind: "work", label: "backoff" }, () => {});
    clock.schedule(20, { kind: "work", label: "window" }, () => {});
    expect(clock.nextWorkTimer?.label).toBe("window");
    expect(clock.nextTimer?.label).toBe("retention");
  });
});

describe("where a WorldClock stands", () => {
  test("is told when it is moved or its mode is set, and not for a hold", () => {
    const host = fakeHostTime();
    const places: ClockPlace[] = [];
    const clock = new WorldClock(
      host,
      () => {},
      (place) => places.push(place),
    );
    const start = clock.now();
    const letGo = clock.hold();
    expect(places).toEqual([]);
    clock.moveTo(start + 1000);
    expect(places.splice(0)).toEqual([{ mode: "running", now: start + 1000, offset: 1000 }]);
    letGo();
    clock.setMode("frozen");
    expect(places.map(({ mode }) => mode)).toEqual(["running", "frozen"]);
  });

  test("is where another goes on: ahead of the host, or at a time that the host has yet to reach", () => {
    const { host, clock } = setUp();
    const now = clock.now();
    clock.goOnFrom({ mode: "running", now, offset: 5000 });
    expect(clock.now()).toBe(now + 5000);
    clock.goOnFrom({ mode: "running", now: now + 9000, offset: 5000 });
    expect(clock.now()).toBe(now + 9000);
    host.pass(5000);
    expect(clock.now()).toBe(now + 10_000);
  });
});

describe("WorldClock.sleep", () => {
  test("resolves when time reaches it, rejects when aborted and leaves no timer", async () => {
    const { host, clock } = setUp();
    const slept = clock.sleep(10, work);
    host.pass(10);
    await slept;
    const controller = new AbortController();
    const aborted = clock.sleep(10, { ...work, signal: controller.signal });
    controller.abort(new Error("stopped"));
    await expect(aborted).rejects.toThrow("stopped");
    await expect(clock.sleep(10, { ...work, signal: controller.signal })).rejects.toThrow("stopped");
    expect(clock.hasWorkTimers).toBe(false);
  });
});

test("a closed clock drops its timers and takes no more", () => {
  const { host, clock } = setUp();
  let fired = 0;
  clock.schedule(10, work, () => fired++);
  clock.close();
  clock.schedule(10, work, () => fired++);
  host.pass(100);
  expect(fired).toBe(0);
  expect(host.timers).toBe(0);
});
