import type { World } from "../world.ts";
import type { Incoming, Outgoing } from "./listener.ts";

/** A request to the Runtime API of a function that a process outside runs. */
export interface RuntimeCall {
  /** A name, a partial ARN or an ARN, with or without a qualifier. */
  readonly functionName: string;
  /** After the API's version, split at slashes. */
  readonly path: readonly string[];
}

const runtimePath = /^\/_localemu\/runtime\/([^/]+)\/2018-06-01\/(.*)$/s;

export function runtimeCallOf(path: string): RuntimeCall | undefined {
  const match = runtimePath.exec(path);
  if (match === null) return undefined;
  const [, functionName = "", rest = ""] = match;
  return { functionName: decode(functionName), path: rest.split("/") };
}

/** Polls wait, and answers are read as they come: none of it is done when this resolves. */
export async function serveRuntimeCall(
  world: World,
  { functionName, path }: RuntimeCall,
  incoming: Incoming,
  outgoing: Outgoing,
): Promise<void> {
  const { attached } = await world.services.lambda();
  const session = outgoing.stream?.session;
  attached.serve(world.region, functionName, { request: incoming, response: outgoing, path, session });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
