/** Owns background work: every task has the group's signal, and `close` aborts it and waits for all of them. */
export class TaskGroup {
  readonly #controller = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  readonly #onError: (error: unknown, label: string) => void;

  constructor(onError: (error: unknown, label: string) => void) {
    this.#onError = onError;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Runs `task` now. What it throws after the group was closed is the abort and is dropped; anything else goes to `onError`. */
  spawn(label: string, task: (signal: AbortSignal) => Promise<void>): void {
    const running = task(this.signal)
      .catch((error: unknown) => {
        if (!this.signal.aborted) this.#onError(error, label);
      })
      .finally(() => this.#tasks.delete(running));
    this.#tasks.add(running);
  }

  async close(): Promise<void> {
    this.#controller.abort();
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }
}
