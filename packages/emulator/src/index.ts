/// <reference lib="esnext.disposable" preserve="true" />
import type { EmulatorOptions } from "./options.ts";
import { Server } from "./server.ts";

export type { InitialStream } from "./initial-streams.ts";
export { DataError } from "./core/data-error.ts";
export { OptionError } from "./options.ts";
export type { EmulatorOptions } from "./options.ts";

/** A running emulator. `await using` stops it. */
export interface Emulator extends AsyncDisposable {
  /** Where AWS clients find it, e.g. `http://127.0.0.1:34567`. */
  readonly endpoint: string;
  readonly port: number;
  /** Ends everything that runs in it, functions' processes included. Calling it again waits for the same end. */
  stop(): Promise<void>;
  /** Kills the functions' processes at once, without waiting: for a process that is about to exit. */
  killFunctions(): void;
}

/**
 * Starts an emulator in this process.
 *
 * Rejects with an {@link OptionError} for an option with a value that it cannot have, and with the system's error when the
 * address cannot be listened on (`EADDRINUSE`), and with a {@link DataError} when the data directory cannot be used: another
 * emulator has it, it cannot be written, or its file is damaged or of a newer LocalEmu.
 *
 * @param options Defaults: any free port of 127.0.0.1, region us-east-1, real time.
 * @example
 * await using emulator = await startEmulator();
 * const kinesis = new KinesisClient({ endpoint: emulator.endpoint, region: "us-east-1", credentials });
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const server = await Server.start(options);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= server.close());
  return {
    endpoint: server.endpoint,
    port: server.port,
    stop,
    killFunctions: () => server.killFunctions(),
    [Symbol.asyncDispose]: stop,
  };
}
