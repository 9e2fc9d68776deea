import type { Effort, Sample } from "./metrics.ts";
import { startServer } from "./process-under-test.ts";
import { median } from "./statistics.ts";
import { createStream, readStream } from "./streams.ts";
import type { Reading } from "./streams.ts";

/** Streams through a function URL, beside a process that pipes as many bytes of another. */
export async function measureStreaming(emulatorFirst: boolean, effort: Effort): Promise<Sample[]> {
  const bytes = effort.streamedMib * 1024 * 1024;
  const emulator = await startServer("emulator", { LOCALEMU_RESPONSE_STREAM_MAX_BYTES: String(bytes) });
  const pipe = await startServer("pipe");
  try {
    const urls = { emulator: await createStream(emulator.endpoint, "stream"), pipe: `${pipe.endpoint}/` };
    const firstByteOf = async (url: string): Promise<number> => {
      const found: Reading[] = [];
      for (let count = 0; count < effort.calls / 5; count++) found.push(await readStream(url, 1));
      return median(found.map(({ firstByteMs }) => firstByteMs));
    };
    const rateOf = async (url: string): Promise<number> =>
      (effort.streamedMib / (await readStream(url, bytes)).ms) * 1000;
    const both = async (measure: (url: string) => Promise<number>) => {
      const before = emulatorFirst ? await measure(urls.emulator) : 0;
      const yardstick = await measure(urls.pipe);
      return { emulator: emulatorFirst ? before : await measure(urls.emulator), against: "bare pipe", yardstick };
    };
    return [
      { metric: "function URL, warm, first byte, p50", unit: "ms", ...(await both(firstByteOf)) },
      { metric: `function URL, stream of ${effort.streamedMib} MiB`, unit: "MiB/s", ...(await both(rateOf)) },
    ];
  } finally {
    await Promise.all([emulator.stop(), pipe.stop()]);
  }
}
