/**
 * `npm run bench:stream-memory [-- <MiB>]`: streams so much, 1024 MiB by default, through a function URL, and fails when the
 * emulator's memory grows by more than 32 MiB meanwhile.
 */
import { measureStreamMemory } from "./stream-memory-metrics.ts";

const mib = Number(process.argv[2] ?? 1024);
const found = await measureStreamMemory(mib);
process.stdout.write(`${JSON.stringify({ mib, ...found })}\n`);
if (found.grownMiB > 32) process.exitCode = 1;
