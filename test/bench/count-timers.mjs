/**
 * Preloaded into a process: counts the timers of the program that fire, and tells how many over its channel as
 * often as it is asked. What Node.js itself waits for is not among them.
 */
let fired = 0;

for (const name of ["setTimeout", "setInterval"]) {
  const original = globalThis[name];
  globalThis[name] = (fire, ...rest) =>
    original(
      (...args) => {
        fired++;
        fire(...args);
      },
      ...rest,
    );
}

process.on("message", () => process.send(fired));
process.channel.unref();
