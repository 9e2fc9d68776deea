import { type Engine, EngineError, readAll } from "./engine.ts";
import { textOf, textsOf } from "./json-member.ts";

/** A container image as an engine has it. */
export interface FoundImage {
  /** `sha256:` and 64 hexadecimal digits: what its containers are made from, whatever its name means later. */
  readonly id: string;
  /** Its name by digest, such as `registry/name@sha256:…`. Of one that never was in a registry, by its id. */
  readonly resolvedUri: string;
}

/** The image of that name, if the engine has it. Rejects with EngineError where none answers. */
export async function findImage(engine: Engine, uri: string): Promise<FoundImage | undefined> {
  const image = await engine.find(`/images/${encodeURIComponent(uri)}/json`);
  if (image === undefined) return undefined;
  const id = textOf(image, "Id");
  const name = nameOf(uri);
  const known = textsOf(image, "RepoDigests").find((digest) => digest.startsWith(`${name}@`));
  return { id, resolvedUri: known ?? `${name}@${id}` };
}

/** Gets an image from its registry. Rejects with EngineError, whose message says why there is none. */
export async function pullImage(engine: Engine, uri: string): Promise<FoundImage> {
  const name = nameOf(uri);
  // The digest says more than the tag, and the engine takes one of them.
  const tag = /@(.+)$/.exec(uri)?.[1] ?? (uri.slice(name.length + 1) || "latest");
  const path = `/images/create?fromImage=${encodeURIComponent(name)}&tag=${encodeURIComponent(tag)}`;
  // The engine answers at once, and tells of an error in the course of its report.
  for (const line of (await readAll(await engine.stream("POST", path))).split("\n")) {
    const problem = line.trim() === "" ? "" : textOf(JSON.parse(line), "error");
    if (problem !== "") throw new EngineError(404, problem);
  }
  const image = await findImage(engine, uri);
  if (image === undefined) throw new EngineError(404, `the Docker engine has no image ${uri} after it was pulled`);
  return image;
}

/** Without tag and digest. A colon before the last slash is that of a port. */
function nameOf(uri: string): string {
  return uri.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
}
