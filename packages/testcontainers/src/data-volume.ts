import { mkdir, stat } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";

/** Where the image has a directory for a volume, which its user may write. */
export const dataDirectory = "/var/lib/localemu";

export interface DataVolume {
  /** How Docker is told. */
  readonly bind: string;
  /** Who may write it, as `<user>:<group>`; undefined where the image's user may. */
  readonly user: string | undefined;
}

/**
 * A named volume, which the engine makes where it is missing, with the owner of the image's directory; or a directory of this
 * machine, if it is written as a path. That is made where it is missing, and belongs to whom it belongs to.
 */
export async function dataVolume(source: string): Promise<DataVolume> {
  if (!isPath(source)) return { bind: `${source}:${dataDirectory}`, user: undefined };
  const directory = resolve(source);
  await mkdir(directory, { recursive: true });
  const { uid, gid } = await stat(directory);
  // Windows has no such owners, and its engine lets everybody write.
  return { bind: `${directory}:${dataDirectory}`, user: process.platform === "win32" ? undefined : `${uid}:${gid}` };
}

/** Throws an Error where a source is neither a path nor a name that the engine takes: what the engine says tells nobody why. */
export function assertDataSource(source: string): void {
  if (isPath(source) || /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(source)) return;
  throw new Error(
    `withPersistence(${JSON.stringify(source)}): that is neither a volume's name ([a-zA-Z0-9][a-zA-Z0-9_.-]+) nor a path, which is absolute or begins with "./"`,
  );
}

function isPath(source: string): boolean {
  return isAbsolute(source) || /^\.{1,2}([/\\]|$)/.test(source);
}
