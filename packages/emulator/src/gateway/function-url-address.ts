import { hostNameOf } from "./access.ts";
import type { splitWorldPrefix } from "./world-prefix.ts";

/** The function URL that a request is for. */
export interface FunctionUrlTarget {
  readonly id: string;
  /** Without what leads to the URL. */
  readonly path: string;
  /** The name of its world, where the request says it. */
  readonly world: string | undefined;
}

const urlPath = /^\/_localemu\/url\/([^/]+)(\/.*)?$/s;
const urlHost = /^([a-z0-9]+)\.lambda-url\./;

/** By its host, which needs a name that resolves, or by its path. */
export function functionUrlOf(
  host: string | undefined,
  path: string,
  prefixed: ReturnType<typeof splitWorldPrefix>,
): FunctionUrlTarget | undefined {
  const byHost = host === undefined ? null : urlHost.exec(hostNameOf(host));
  if (byHost !== null) return { id: byHost[1] ?? "", path, world: undefined };
  const byPath = urlPath.exec(prefixed.path);
  return byPath === null ? undefined : { id: byPath[1] ?? "", path: byPath[2] ?? "/", world: prefixed.world };
}
