import type { FaultRule, TimelineEvent } from "@localemu/control";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Activity } from "./activity.ts";
import { fakeHostTime } from "./core/fake-host-time.ts";
import { seededRandom } from "./core/random.ts";
import { WorldClock } from "./core/world-clock.ts";
import { Faults } from "./faults.ts";

const error = "Broken";

function faultsUnderTest(rules: readonly FaultRule[], seed = 1) {
  const host = fakeHostTime();
  const clock = new WorldClock(host, (thrown) => {
    throw thrown;
  });
  const events: TimelineEvent[] = [];
  const activity = new Activity(host);
  const faults = new Faults({ random: seededRandom(seed), clock, activity, record: (event) => events.push(event) });
  for (const rule of rules) faults.add(rule);
  const put = (): boolean => faults.meet("kinesis", "PutRecord", "client") !== undefined;
  return { faults, events, host, activity, put };
}

describe("which calls meet a fault", () => {
  test.each<[rule: Omit<FaultRule, "error">, met: readonly string[]]>([
    [{ operation: "kinesis:PutRecord" }, ["kinesis:PutRecord by client", "kinesis:PutRecord by mapping"]],
    [
      { operation: "kinesis:*" },
      [
        "kinesis:PutRecord by client",
        "kinesis:PutRecord by mapping",
        "kinesis:GetRecords by client",
        "kinesis:GetRecords by mapping",
      ],
    ],
    [{ operation: "kinesis:*", caller: "mapping" }, ["kinesis:PutRecord by mapping", "kinesis:GetRecords by mapping"]],
    [{ operation: "kinesis:Put*" }, []],
  ])("%j", (rule, met) => {
    const { faults } = faultsUnderTest([{ ...rule, error }]);
    const calls = ["kinesis:PutRecord", "kinesis:GetRecords", "sqs:PutRecord"].flatMap((name) =>
      (["client", "mapping"] as const).map((caller) => ({ name, caller })),
    );
    const hit = calls.filter(({ name, caller }) => {
      const [service = "", operation = ""] = name.split(":");
      return faults.meet(service, operation, caller) !== undefined;
    });
    expect(hit.map(({ name, caller }) => `${name} by ${caller}`)).toEqual(met);
  });

  test("as many as it says", () => {
    const { faults, put } = faultsUnderTest([{ operation: "kinesis:*", error, times: 2 }]);
    expect([1, 2, 3].map(put)).toEqual([true, true, false]);
    expect(faults.list()).toEqual([{ id: "fault-1", operation: "kinesis:*", error, times: 2, met: 2 }]);
  });

  test("by the newest rule; the next one takes over when that is used up or gone", () => {
    const { faults } = faultsUnderTest([
      { operation: "kinesis:*", error: "Old" },
      { operation: "kinesis:PutRecord", error: "New", times: 1 },
    ]);
    const code = () => faults.meet("kinesis", "PutRecord", "client")?.error?.code;
    expect([code(), code()]).toEqual(["New", "Old"]);
    expect([faults.remove("fault-1"), faults.remove("fault-1")]).toEqual([true, false]);
    expect(code()).toBeUndefined();
    faults.clear();
    expect([faults.list(), faults.any]).toEqual([[], false]);
  });

  test("the same ones for the same seed, and about as many as are likely", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, probability) => {
        const rule = { operation: "kinesis:PutRecord", error, probability };
        const [one, other] = [faultsUnderTest([rule], seed), faultsUnderTest([rule], seed)];
        const calls = 2000;
        let met = 0;
        for (let call = 0; call < calls; call++) {
          const meets = one.put();
          expect(other.put()).toBe(meets);
          if (meets) met++;
        }
        expect(Math.abs(met / calls - probability)).toBeLessThan(0.08);
      }),
      { numRuns: 30 },
    );
  });
});

describe("what a call meets", () => {
  test.each<[rule: Omit<FaultRule, "operation">, met: object]>([
    [{ error: "X" }, { error: { code: "X", message: "injected by LocalEmu (fault-1)", statusCode: undefined } }],
    [{ error: "X", message: "why", statusCode: 418 }, { error: { code: "X", message: "why", statusCode: 418 } }],
    [{ error: "InternalFailure" }, { latencyMs: 0, error: { code: "InternalFailure", statusCode: 500 } }],
    [{ latencyMs: 5 }, { latencyMs: 5, error: undefined }],
  ])("%j", (rule, met) => {
    const { faults } = faultsUnderTest([{ operation: "kinesis:PutRecord", ...rule }]);
    expect(faults.meet("kinesis", "PutRecord", "client")).toMatchObject(met);
  });

  test("waits no longer than its world lives", async () => {
    const { faults, activity } = faultsUnderTest([{ operation: "kinesis:PutRecord", latencyMs: 1000 }]);
    const token = activity.begin("a call");
    const suffered = faults.suffer("kinesis", "PutRecord", "client");
    faults.close();
    expect(await suffered).toBeUndefined();
    token.release();
    expect(activity.count).toBe(0);
  });

  test("is told on the timeline, and waits in world time first", async () => {
    const { faults, events, host, activity } = faultsUnderTest([
      { operation: "kinesis:PutRecord", error, latencyMs: 1000 },
    ]);
    let done = false;
    const token = activity.begin("a call");
    const suffered = faults.suffer("kinesis", "PutRecord", "client").then((thrown) => {
      done = true;
      return thrown;
    });
    host.pass(999);
    await Promise.resolve();
    expect([done, activity.count]).toEqual([false, 0]);
    host.pass(1);
    expect(activity.count).toBe(1);
    token.release();
    expect(await suffered).toMatchObject({ code: "Broken" });
    expect(await faults.suffer("kinesis", "GetRecords", "client")).toBeUndefined();
    const what = { service: "kinesis", operation: "PutRecord", caller: "client", fault: "fault-1" };
    expect(events).toEqual([{ type: "fault.injected", ...what, latencyMs: 1000, code: "Broken" }]);
  });
});
