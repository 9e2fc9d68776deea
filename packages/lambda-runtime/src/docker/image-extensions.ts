import { type Engine, EngineError } from "./engine.ts";
import { textOf } from "./json-member.ts";
import { removeContainer } from "./owner.ts";
import { membersOf } from "./read-tar.ts";

const DIRECTORY = "/opt/extensions";

/** Asks the engine, for as long as that may take. */
type AskEngine = <T>(work: (engine: Engine) => Promise<T>) => Promise<T>;

/** Knows the external extensions of images, which not every image has a program to list. */
export class ImageExtensions {
  readonly #ask: AskEngine;
  /** By the image's id, which means the same image always. */
  readonly #known = new Map<string, Promise<ReadonlySet<string>>>();

  constructor(ask: AskEngine) {
    this.#ask = ask;
  }

  /** Their files. Rejects with EngineError. */
  async of(image: string, labels: Readonly<Record<string, string>>): Promise<ReadonlySet<string>> {
    const path = `/images/${encodeURIComponent(image)}/json`;
    const id = textOf(await this.#ask((engine) => engine.find(path)), "Id");
    let known = this.#known.get(id);
    if (known === undefined) {
      known = this.#ask((engine) => list(engine, image, labels)).catch((error: unknown) => {
        // Whoever asks next tries again.
        this.#known.delete(id);
        throw error;
      });
      this.#known.set(id, known);
    }
    return known;
  }
}

/** From a container that is never started: the engine shows files of containers, not of images. */
async function list(
  engine: Engine,
  image: string,
  labels: Readonly<Record<string, string>>,
): Promise<ReadonlySet<string>> {
  // A program is asked for, but never looked for.
  const request = { Image: image, Entrypoint: ["none"], Labels: labels };
  const container = textOf(await engine.call("POST", "/containers/create", request), "Id");
  try {
    const path = `/containers/${container}/archive?path=${encodeURIComponent(DIRECTORY)}`;
    const archive = await engine.stream("GET", path);
    try {
      return filesIn(await membersOf(archive));
    } finally {
      archive.destroy();
    }
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return new Set();
    throw error;
  } finally {
    await removeContainer(engine, container);
  }
}

/** AWS: what lies in the directory itself (AWS docs). */
function filesIn(members: Awaited<ReturnType<typeof membersOf>>): ReadonlySet<string> {
  const files = members.filter(({ name, isDirectory }) => !isDirectory && /^extensions\/[^/]+$/.test(name));
  return new Set(files.map(({ name }) => `/opt/${name}`));
}
