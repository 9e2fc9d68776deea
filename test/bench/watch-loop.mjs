/**
 * Preloaded into a server's process: tells over its channel the longest time, in milliseconds, for which the event loop had no turn
 * since it was asked before.
 */
import { monitorEventLoopDelay } from "node:perf_hooks";

const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();

process.on("message", () => {
  process.send(delays.max / 1e6);
  delays.reset();
});
process.channel.unref();
