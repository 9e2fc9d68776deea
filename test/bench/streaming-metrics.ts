import type { Effort, Sample } from "./metrics.ts";
import { startServer } from "./process-under-test.ts";
import { median } from "./statistics.ts";
import { createStream, readStream } from "./streams.ts";

/**
 * Streams through a function URL, beside a bare Runtime API whose child makes as many bytes, and beside a process that pipes as
 * many of another.
 */
export async function measureStreaming(emulatorFirst: boolean, effort: Effort): Promise<Sample[]> {
  const bytes = effort.streamedMib * 1024 * 1024;
  await using scope = new AsyncDisposableStack();
  const emulator = await startServer("emulator", { LOCALEMU_RESPONSE_STREAM_MAX_BYTES: String(bytes) });
  scope.defer(() => emulator.stop());
  const bare = await startServer("bare runtime");
  scope.defer(() => bare.stop());
  const pipe = await startServer("pipe");
  scope.defer(() => pipe.stop());
  const own = await createStream(emulator.endpoint, "stream");
  const yardsticks = { "bare runtime": `${bare.endpoint}/stream`, "bare pipe": `${pipe.endpoint}/` };
  const urls = emulatorFirst ? [own, ...Object.values(yardsticks)] : [...Object.values(yardsticks).toReversed(), own];
  const firstBytes = await firstBytesInTurns(urls, effort.calls);
  const rates: number[] = [];
  for (const url of urls) rates.push((effort.streamedMib / (await readStream(url, bytes)).ms) * 1000);
  const compared = (metric: string, unit: Sample["unit"], values: readonly number[]): Sample[] => {
    const of = (url: string): number => values[urls.indexOf(url)] ?? Number.NaN;
    return Object.entries(yardsticks).map(([against, url]) => ({
      metric,
      unit,
      emulator: of(own),
      against,
      yardstick: of(url),
    }));
  };
  return [
    ...compared("function URL, warm, first byte, p50", "ms", firstBytes),
    ...compared(`function URL, stream of ${effort.streamedMib} MiB`, "MiB/s", rates),
  ];
}

/** Of streams of one byte: the first half of them does not count. */
async function firstBytesInTurns(urls: readonly string[], count: number): Promise<number[]> {
  const durations = urls.map((): number[] => []);
  for (let index = 0; index < count; index++) {
    for (const [at, url] of urls.entries()) {
      const { firstByteMs } = await readStream(url, 1);
      if (index >= count / 2) durations[at]?.push(firstByteMs);
    }
  }
  return durations.map(median);
}
