import { describe, expect, test } from "vitest";
import { Activity } from "./activity.ts";
import { fakeHostTime } from "./core/fake-host-time.ts";
import { hostTime } from "./core/host-time.ts";
import { WorldClock } from "./core/world-clock.ts";
import { AdvanceTimeoutError, TimeControl } from "./time-control.ts";

const retry = { kind: "work", label: "retry" } as const;

function setUp(mode: "running" | "frozen" | "auto" = "frozen") {
  const clock = new WorldClock(hostTime, (error) => {
    throw error;
  });
  clock.setMode(mode);
  const activity = new Activity(hostTime);
  return { clock, activity, time: new TimeControl(clock, activity, hostTime) };
}

/** Lets what was told go round: a promise or two, and the turn that `settled` waits for. */
async function nextTurns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => void setImmediate(resolve));
}

describe("idle", () => {
  test("is idle when nothing is under way and only housekeeping is left", async () => {
    const { clock, time } = setUp();
    clock.schedule(10, { kind: "housekeeping", label: "reclaim" }, () => {});
    expect(await time.idle(1000)).toEqual({ state: "idle" });
  });

  test("waits for what is under way, through hand-overs", async () => {
    const { activity, time } = setUp();
    const first = activity.begin("invoke");
    setImmediate(() => {
      const second = activity.begin("report");
      first.release();
      setImmediate(() => second.release());
    });
    expect(await time.idle(5000)).toEqual({ state: "idle" });
  });

  test("names what is busy when its time passes", async () => {
    const { activity, time } = setUp();
    activity.begin("invoke orders-fn");
    activity.begin("invoke orders-fn");
    expect(await time.idle(1)).toEqual({ state: "busy", busy: [{ label: "invoke orders-fn", count: 2 }] });
  });

  test("on a frozen clock is sleeping at once when a work timer is set", async () => {
    const { clock, time } = setUp();
    clock.schedule(30_000, retry, () => {});
    expect(await time.idle(60_000)).toEqual({
      state: "sleeping",
      nextTimer: { label: "retry", at: clock.now() + 30_000, inMs: 30_000 },
    });
  });

  test("on a running clock waits for work timers", async () => {
    const { clock, time } = setUp("running");
    let fired = 0;
    clock.schedule(5, retry, () => {
      fired++;
      clock.schedule(5, retry, () => fired++);
    });
    expect(await time.idle(5000)).toEqual({ state: "idle" });
    expect(fired).toBe(2);
  });

  test("on a running clock is sleeping when its time passes before the timer", async () => {
    const { clock, time } = setUp("running");
    clock.schedule(3_600_000, retry, () => {});
    expect((await time.idle(5)).state).toBe("sleeping");
    clock.close();
  });

  test("waits for who holds the time, and for as long again as it may", async () => {
    const host = fakeHostTime();
    const clock = new WorldClock(host, () => {});
    const activity = new Activity(host);
    const time = new TimeControl(clock, activity, host);
    const work = activity.begin("invoke");
    const letGo = clock.hold();
    const report = time.idle(100);
    host.pass(10_000);
    letGo();
    // A timer that is set while time is held is no reason to call the world asleep.
    const letGoAgain = clock.hold();
    clock.schedule(10, retry, () => {});
    work.release();
    host.pass(10_000);
    letGoAgain();
    await nextTurns();
    host.pass(10);
    expect(await report).toEqual({ state: "idle" });
  });

  test("is busy when its time has passed beside the one that was held", async () => {
    const host = fakeHostTime();
    const clock = new WorldClock(host, () => {});
    const activity = new Activity(host);
    const report = new TimeControl(clock, activity, host).idle(100);
    activity.begin("invoke");
    host.pass(60);
    const letGo = clock.hold();
    host.pass(10_000);
    letGo();
    await nextTurns();
    expect(host.timers).toBe(1);
    host.pass(40);
    expect(await report).toEqual({ state: "busy", busy: [{ label: "invoke", count: 1 }] });
  });

  test("ends for a caller that goes away while time is held", async () => {
    const { clock, activity, time } = setUp("running");
    activity.begin("invoke");
    clock.hold();
    const caller = new AbortController();
    const report = time.idle(60_000, caller.signal);
    caller.abort();
    expect(await report).toMatchObject({ state: "busy" });
  });

  test("on an automatic clock jumps from timer to timer, and only while somebody waits", async () => {
    const { clock, activity, time } = setUp("auto");
    const start = clock.now();
    const fired: number[] = [];
    clock.schedule(60_000, retry, () => {
      const token = activity.begin("invoke");
      setImmediate(() => {
        fired.push(clock.now() - start);
        clock.schedule(120_000, retry, () => fired.push(clock.now() - start));
        token.release();
      });
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(fired).toEqual([]);
    expect(await time.idle(5000)).toEqual({ state: "idle" });
    expect(fired).toEqual([60_000, 180_000]);
  });

  test("on an automatic clock jumps no more when its caller went away", async () => {
    const { clock, time } = setUp("auto");
    const caller = new AbortController();
    let fired = 0;
    const again = () => {
      fired++;
      if (fired === 3) caller.abort();
      clock.schedule(1000, retry, again);
    };
    clock.schedule(1000, retry, again);
    expect(await time.idle(60_000, caller.signal)).toMatchObject({ state: "sleeping" });
    expect(fired).toBe(3);
  });

  test.for(["a call", "a timer"] as const)(
    "leaves no timer of the host when its caller goes away during %s",
    async (what) => {
      const host = fakeHostTime();
      const clock = new WorldClock(host, () => {});
      const activity = new Activity(host);
      const caller = new AbortController();
      if (what === "a call") activity.begin("invoke orders-fn");
      else clock.schedule(1000, retry, () => {});
      const timers = host.timers;
      const idle = new TimeControl(clock, activity, host).idle(60_000, caller.signal);
      setImmediate(() => setImmediate(() => caller.abort()));
      expect(await idle).toMatchObject({ state: what === "a call" ? "busy" : "sleeping" });
      expect(host.timers).toBe(timers);
    },
  );
});

describe("advance", () => {
  test("fires each timer at its own time and settles between them", async () => {
    const { clock, activity, time } = setUp();
    const start = clock.now();
    const seen: number[] = [];
    clock.schedule(1000, retry, () => {
      const token = activity.begin("invoke");
      setImmediate(() => {
        seen.push(clock.now() - start);
        clock.schedule(500, retry, () => seen.push(clock.now() - start));
        token.release();
      });
    });
    clock.schedule(2000, retry, () => seen.push(clock.now() - start));
    await time.advance(1999);
    expect(seen).toEqual([1000, 1500]);
    expect(clock.now() - start).toBe(1999);
    await time.advance(1);
    expect(seen).toEqual([1000, 1500, 2000]);
  });

  test("on a running clock jumps ahead and runs on from there", async () => {
    const { clock, time } = setUp("running");
    const start = clock.now();
    await time.advance(60_000);
    expect(clock.mode).toBe("running");
    expect(clock.now() - start).toBeGreaterThanOrEqual(60_000);
  });

  test("fails after 30 s of host time and names what is busy", async () => {
    const host = fakeHostTime();
    const clock = new WorldClock(host, () => {});
    clock.setMode("frozen");
    const activity = new Activity(host);
    activity.begin("invoke stuck-fn");
    const advanced = new TimeControl(clock, activity, host).advance(1);
    host.pass(30_000);
    await expect(advanced).rejects.toThrow(AdvanceTimeoutError);
    await expect(advanced).rejects.toThrow("still busy after 30 s: invoke stuck-fn");
  });
});

describe("what is done in turn", () => {
  test("advances by the sum of what was asked for at the same time", async () => {
    const { clock, activity, time } = setUp();
    const start = clock.now();
    const fired: number[] = [];
    for (const at of [1000, 2500]) {
      clock.schedule(at, retry, () => {
        const token = activity.begin("invoke");
        setImmediate(() => {
          fired.push(clock.now() - start);
          token.release();
        });
      });
    }
    const ends = [1000, 2000].map((ms) => time.inTurn(() => time.advance(ms).then(() => clock.now() - start)));
    expect(await Promise.all(ends)).toEqual([1000, 3000]);
    expect(fired).toEqual([1000, 2500]);
  });

  test("sets a mode after the advance that is under way, which does not undo it", async () => {
    const { clock, time } = setUp("running");
    const advanced = time.inTurn(() => time.advance(60_000));
    const frozen = time.inTurn(() => Promise.resolve(clock.setMode("frozen")));
    await Promise.all([advanced, frozen]);
    expect(clock.mode).toBe("frozen");
  });

  test("keeps whoever waits for idle waiting, also where the clock runs", async () => {
    const { clock, activity, time } = setUp("running");
    const ended: string[] = [];
    clock.schedule(60_000, retry, () => {
      const token = activity.begin("invoke");
      setImmediate(() => token.release());
    });
    clock.schedule(120_000, retry, () => {});
    const advanced = time.inTurn(() => time.advance(120_000)).then(() => ended.push("advance"));
    expect(await time.idle(5000)).toEqual({ state: "idle" });
    ended.push("idle");
    await advanced;
    expect(ended).toEqual(["advance", "idle"]);
  });

  test("is named when it goes on for longer than somebody waits for idle", async () => {
    const { time } = setUp();
    const { promise, resolve } = Promise.withResolvers<void>();
    const moved = time.inTurn(() => promise);
    expect(await time.idle(1)).toEqual({ state: "busy", busy: [{ label: "moving time", count: 1 }] });
    resolve();
    await moved;
    expect(await time.idle(1000)).toEqual({ state: "idle" });
  });

  test("goes on after what failed", async () => {
    const { time } = setUp();
    const failed = time.inTurn(() => Promise.reject(new Error("too late")));
    const next = time.inTurn(() => Promise.resolve("next"));
    await expect(failed).rejects.toThrow("too late");
    expect(await next).toBe("next");
  });
});

test("releasing a token twice counts once", () => {
  const { activity } = setUp();
  const token = activity.begin("a");
  activity.begin("b");
  token.release();
  token.release();
  expect(activity.count).toBe(1);
  expect(activity.busy()).toEqual([{ label: "b", count: 1 }]);
});
