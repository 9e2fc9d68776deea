import { accessSync, constants, statSync } from "node:fs";
import type { EmulatorOptions } from "../options.ts";

export interface GivenEngine {
  readonly options: EmulatorOptions;
  /** Why there is an engine that is not used. */
  readonly warning?: string;
}

/**
 * Takes a Docker engine as given to be used: one that `DOCKER_HOST` names, or whose socket is mounted into the image's container.
 * What cannot be used is left, with a warning.
 */
export function givenEngine(
  { DOCKER_HOST: host = "", DOCKER_TLS_VERIFY: tls = "" }: Readonly<Record<string, string | undefined>>,
  socket: string,
): GivenEngine {
  if (host !== "") {
    const isSpoken = /^(?:unix|npipe|tcp):/.test(host) && tls === "";
    if (isSpoken) return { options: { docker: true } };
    return left(`the Docker engine of DOCKER_HOST, ${host}: it speaks to local sockets, and tcp:// without TLS`);
  }
  try {
    accessSync(socket, constants.R_OK | constants.W_OK);
    return { options: { docker: true } };
  } catch {
    const { gid } = statSync(socket);
    return left(`the Docker engine of ${socket}, which it may not open: run the container with --group-add ${gid}`);
  }
}

function left(what: string): GivenEngine {
  return { options: {}, warning: `LocalEmu does not use ${what}. LOCALEMU_DOCKER=0 tells it not to try.` };
}
