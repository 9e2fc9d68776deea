import { startServer } from "./process-under-test.ts";
import { createStream, readStream } from "./streams.ts";

export interface StreamMemory {
  /** Resident memory before the stream, once one of a MiB was streamed, and how much it grew at most; MiB. */
  readonly beforeMiB: number;
  readonly grownMiB: number;
  readonly mibPerSecond: number;
}

/** Streams so many MiB through a function URL. On Linux only: elsewhere memory is not told, and NaN. */
export async function measureStreamMemory(mib: number): Promise<StreamMemory> {
  const bytes = mib * 1024 * 1024;
  const server = await startServer("emulator", { LOCALEMU_RESPONSE_STREAM_MAX_BYTES: String(bytes) });
  try {
    const url = await createStream(server.endpoint, "stream");
    await readStream(url, 1024 * 1024);
    const resident = (): number => server.residentMemory() ?? Number.NaN;
    const beforeMiB = resident();
    let most = beforeMiB;
    let measured = 0;
    const reading = await readStream(url, bytes, (count) => {
      if (count < measured + 4 * 1024 * 1024) return;
      measured = count;
      most = Math.max(most, resident());
    });
    if (reading.bytes !== bytes) throw new Error(`${reading.bytes} bytes came of ${bytes}`);
    most = Math.max(most, resident());
    return { beforeMiB, grownMiB: most - beforeMiB, mibPerSecond: (mib / reading.ms) * 1000 };
  } finally {
    await server.stop();
  }
}
