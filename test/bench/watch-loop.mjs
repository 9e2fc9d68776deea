/**
 * Preloaded into a server's process: tells over its channel the longest time, in milliseconds, for which the event loop had no other
 * turn since it was asked before. Not by `monitorEventLoopDelay`: it does not see what comes in the first moment after its reset.
 */
let last = performance.now();
let longest = 0;

const turn = () => {
  const now = performance.now();
  longest = Math.max(longest, now - last);
  last = now;
};

setInterval(turn, 1).unref();
process.on("message", () => {
  turn();
  process.send(longest);
  longest = 0;
});
process.channel.unref();
