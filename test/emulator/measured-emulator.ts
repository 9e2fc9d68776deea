/** An emulator in a process of its own, started with `--expose-gc`; for each line that it reads it tells what memory it holds. */
import { createInterface } from "node:readline";
import { startEmulator } from "@localemu/emulator";

// Run as it is by Node.js 22, which knows no `using`.
const emulator = await startEmulator();
process.stdout.write(`${JSON.stringify({ endpoint: emulator.endpoint })}\n`);
for await (const _ of createInterface(process.stdin)) {
  // What finalizers let go of, a second collection finds; and the memory allocator keeps some for later.
  for (let round = 0; round < 4; round++) {
    globalThis.gc?.();
    await new Promise<void>((resolve) => void setImmediate(resolve));
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const handles = process.getActiveResourcesInfo().length;
  process.stdout.write(`${JSON.stringify({ rss, heapUsed, external, handles })}\n`);
}
await emulator.stop();
