import { statSync } from "node:fs";
import { EngineError, reachEngine } from "@localemu/lambda-runtime";
import type { EmulatorOptions } from "../options.ts";

export interface GivenEngine {
  readonly options: EmulatorOptions;
  /** Why there is an engine that is not used. */
  readonly warning?: string;
}

/** How long an engine may take to say that it is there, in milliseconds. */
const limitMs = 2000;

/**
 * Takes a Docker engine as given to be used: one that `DOCKER_HOST` names, or whose socket is mounted into the image's container.
 * What does not answer is left, with a warning.
 */
export async function givenEngine(
  { DOCKER_HOST: host = "", DOCKER_TLS_VERIFY: tls = "" }: Readonly<Record<string, string | undefined>>,
  socket: string,
): Promise<GivenEngine> {
  if (host !== "" && tls !== "") return left(`it does not speak TLS, as DOCKER_TLS_VERIFY wants`);
  try {
    await reachEngine(host === "" ? `unix://${socket}` : host, limitMs);
    return { options: { docker: true } };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return left(error.message + (host === "" ? hintOf(error, socket) : ""));
  }
}

/** What helps where the socket is not everybody's. */
function hintOf({ cause }: EngineError, socket: string): string {
  const isForbidden = cause instanceof Error && "code" in cause && cause.code === "EACCES";
  return isForbidden ? `; run the container with --group-add ${statSync(socket).gid}` : "";
}

function left(why: string): GivenEngine {
  const warning = `LocalEmu uses no Docker engine: ${why}. LOCALEMU_DOCKER=0 tells it not to try, LOCALEMU_DOCKER=1 to rely on it.`;
  return { options: {}, warning };
}
