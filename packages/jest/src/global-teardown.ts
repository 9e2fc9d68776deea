import { takeOpenEmulator } from "./open-run.ts";
import { announceEndpoint } from "./run.ts";

/** Jest's global teardown: ends what the global setup has started. */
export async function globalTeardown(): Promise<void> {
  announceEndpoint(process.env, undefined);
  await takeOpenEmulator()?.close();
}

export default globalTeardown;
