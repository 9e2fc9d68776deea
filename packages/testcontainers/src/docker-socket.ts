import { stat } from "node:fs/promises";
import { getContainerRuntimeClient } from "testcontainers";

/** Where the engine's socket is on the engine's machine, and the group that may use it. */
export interface DockerSocket {
  readonly path: string;
  readonly group: string;
}

/** The socket of the engine that Testcontainers uses. Of one on another machine, the group is root's, as in Docker Desktop. */
export async function dockerSocket(): Promise<DockerSocket> {
  const { info } = await getContainerRuntimeClient();
  const path = info.containerRuntime.remoteSocketPath;
  try {
    const { gid } = await stat(path);
    return { path, group: String(gid) };
  } catch {
    return { path, group: "0" };
  }
}
