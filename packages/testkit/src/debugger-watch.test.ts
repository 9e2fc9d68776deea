import inspector from "node:inspector";
import { expect, onTestFinished, test, vi } from "vitest";

test("a thread whose timers are a browser's, which are numbers, can be watched", async () => {
  vi.stubGlobal("setInterval", () => 1);
  vi.stubGlobal("clearInterval", () => {});
  onTestFinished(() => void vi.unstubAllGlobals());
  inspector.open(0, "127.0.0.1");
  onTestFinished(() => inspector.close());
  vi.resetModules();
  const { watchForDebugger } = await import("./debugger-watch.ts");
  const nowhere = "http://127.0.0.1:9";
  const stop = watchForDebugger({ pauseUrl: nowhere, resumeUrl: nowhere });
  expect(stop).toBeTypeOf("function");
  stop();
});
