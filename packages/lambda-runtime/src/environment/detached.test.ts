import { expect, test } from "vitest";
import { step, type EnvironmentState } from "./environment-machine.ts";

const open = (phase: "working" | "concluded") => [{ requestId: "a", phase }];

test.each<[string, EnvironmentState, readonly unknown[]]>([
  ["that waits", { name: "ready", process: "running", open: [], free: 1 }, []],
  [
    "that works gives the invocation back",
    { name: "invoking", process: "running", open: open("working"), free: 0 },
    [{ do: "giveBack", requestId: "a" }],
  ],
  [
    "that has answered",
    { name: "invoking", process: "running", open: open("concluded"), free: 0 },
    [{ do: "release", requestId: "a" }],
  ],
])("an environment %s is gone when it is detached", (_, state, commands) => {
  const after = step(state, { type: "detached" }, { initializationType: "on-demand", maxConcurrency: 1 });
  expect(after.state).toEqual({ name: "gone", process: "none", open: [], free: 0, reason: "detached" });
  expect(after.commands).toEqual([...commands, { do: "dispose" }]);
});

test("one that was being stopped is gone for that reason", () => {
  const stopping: EnvironmentState = { name: "stopping", process: "ending", open: [], free: 0, reason: "stopped" };
  const after = step(stopping, { type: "detached" }, { initializationType: "on-demand", maxConcurrency: 1 });
  expect(after.state.reason).toBe("stopped");
});
