import type { DeployedCode } from "./code/code-store.ts";
import { fingerprintOf } from "./code/live-directory.ts";
import type { FunctionPool } from "./invoke/ports.ts";

/** A version's code and configuration as its environments have them. */
export interface Deployment {
  readonly pool: FunctionPool;
  readonly code: DeployedCode;
  /** Of a directory whose changes are followed: what it was when an environment last found it changed. */
  fingerprint: string | undefined;
}

/** Code of an earlier emulator is unpacked, and a directory looked at whose changes are followed. */
export function prepare(deployment: Deployment): Promise<void> | undefined {
  const { code, fingerprint } = deployment;
  const preparing = code.prepare();
  return code.isLive && fingerprint === undefined ? lookAt(deployment, preparing) : preparing;
}

async function lookAt(deployment: Deployment, preparing: Promise<void> | undefined): Promise<void> {
  await preparing;
  const fingerprint = await fingerprintOf(deployment.code.directory);
  deployment.fingerprint ??= fingerprint;
}
