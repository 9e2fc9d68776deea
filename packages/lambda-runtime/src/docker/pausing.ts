import type { Engine } from "./engine.ts";
import { EngineError } from "./engine.ts";

/** Pauses containers and lets them go on, one request after the other. */
export class Pausing {
  readonly #engine: Engine;
  readonly #containers: ReadonlySet<string>;
  readonly #paused = new Set<string>();
  readonly #onFailed: (problem: string) => void;
  #wanted: "running" | "paused" = "running";
  /** What was asked of the engine last. */
  #asked: "running" | "paused" = "running";
  #work: Promise<void> | undefined;
  #impossible = false;

  /** @param containers Those that run, as they come and go */
  constructor(engine: Engine, containers: ReadonlySet<string>, onFailed: (problem: string) => void) {
    this.#engine = engine;
    this.#containers = containers;
    this.#onFailed = onFailed;
  }

  pause(): void {
    if (this.#impossible) return;
    this.#wanted = "paused";
    this.#work ??= this.#follow();
  }

  /** Resolves when nothing is paused; undefined if so at once. */
  unpause(): Promise<void> | undefined {
    this.#wanted = "running";
    if (this.#asked === "paused") this.#work ??= this.#follow();
    return this.#work;
  }

  /** Never rejects. */
  async #follow(): Promise<void> {
    while (this.#asked !== this.#wanted) {
      this.#asked = this.#wanted;
      await (this.#asked === "paused" ? this.#pauseAll() : this.#unpauseAll());
    }
    this.#work = undefined;
  }

  async #pauseAll(): Promise<void> {
    const asked = [...this.#containers].map(async (container) => {
      if (await this.#ask(container, "pause")) this.#paused.add(container);
    });
    await Promise.all(asked);
  }

  async #unpauseAll(): Promise<void> {
    const asked = [...this.#paused].map((container) => this.#ask(container, "unpause"));
    this.#paused.clear();
    await Promise.all(asked);
  }

  async #ask(container: string, action: "pause" | "unpause"): Promise<boolean> {
    try {
      await this.#engine.call("POST", `/containers/${container}/${action}`);
      return true;
    } catch (error) {
      // It may have ended meanwhile.
      if (!this.#containers.has(container)) return false;
      if (error instanceof EngineError && (error.status === 404 || error.status === 409)) return false;
      // Not every engine can. What runs on does no harm.
      this.#impossible = true;
      this.#onFailed(`${action} ${container}: ${String(error)}`);
      return false;
    }
  }
}
