import type { ControlClient, PeekedMapping } from "@localemu/control";
import { type MappingProgress, readProgress } from "./mapping-progress.ts";
import { type MappingSubject, subject } from "./matchers/subject.ts";

/**
 * An event source mapping of a world. It may be given to `expect` for the matchers of mappings.
 *
 * @example
 * ```ts
 * const mapping = await emu.function("orders-fn").listen(stream);
 * await expect(mapping).toHaveCaughtUp();
 * ```
 */
export class MappingHandle {
  readonly uuid: string;
  readonly #control: ControlClient;

  /** Use `fn.listen(…)` or `emu.mapping(…)`. */
  constructor(control: ControlClient, uuid: string) {
    this.#control = control;
    this.uuid = uuid;
  }

  /** State and checkpoints. */
  peek(): Promise<PeekedMapping> {
    return this.#control.peek.mapping(this.uuid);
  }

  /** What it has still to do. */
  progress(): Promise<MappingProgress> {
    return readProgress(this.#control, this.uuid);
  }

  /** Stops it and waits until it has: what is under way ends, nothing more is read. */
  disable(): Promise<void> {
    return this.#update({ Enabled: false });
  }

  /** Starts it again where it stopped. */
  enable(): Promise<void> {
    return this.#update({ Enabled: true });
  }

  /** Deletes it, and waits until it is gone. */
  async delete(): Promise<void> {
    const newest = await this.#newest();
    await this.#control.call("lambda", "DeleteEventSourceMapping", { UUID: this.uuid });
    await settledMapping(this.#control, this.uuid, newest);
  }

  /** What the matchers read. */
  get [subject](): MappingSubject {
    return { kind: "mapping", name: this.uuid, world: this.#control, read: () => this.progress() };
  }

  async #update(change: { readonly Enabled: boolean }): Promise<void> {
    const newest = await this.#newest();
    await this.#control.call("lambda", "UpdateEventSourceMapping", { UUID: this.uuid, ...change });
    await settledMapping(this.#control, this.uuid, newest);
  }

  async #newest(): Promise<number> {
    const [newest] = await this.#control.timeline({ limit: 1 });
    return newest?.id ?? 0;
  }
}

/** Waits until a change of a mapping, which is after `after` on the timeline, is in force. */
export async function settledMapping(control: ControlClient, uuid: string, after: number): Promise<void> {
  const stop = new AbortController();
  try {
    for await (const entry of control.followTimeline({ after, signal: stop.signal })) {
      if (entry.type === "world.reset") return;
      if (entry.type !== "mapping.stateChanged" || entry.mapping !== uuid) continue;
      if (["Enabled", "Disabled", "Deleted"].includes(entry.state)) return;
    }
  } finally {
    stop.abort();
  }
}
