/**
 * Preloaded into an emulator's process that was started with `--expose-gc`: tells over its channel what it holds, as often as it
 * is asked. What it counts are handles and timers that keep a process alive; those of the question itself come with each answer.
 */
process.on("message", () => void tell());
process.channel.unref();

async function tell() {
  // What finalizers let go of, a second collection finds; and the memory allocator keeps some for later.
  for (let round = 0; round < 4; round++) {
    globalThis.gc();
    await new Promise((resolve) => void setImmediate(resolve));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const resources = {};
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  process.send({ rss, heapUsed, external, resources });
}
