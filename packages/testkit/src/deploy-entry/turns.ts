/** Has what is asked for under one name done in the order in which it was asked for. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Does `work` after what was asked for under that name before, whatever became of it. */
  async take(name: string, work: () => Promise<void>): Promise<void> {
    const before = this.#last.get(name);
    const turn = (async () => {
      // Who asked for it is told.
      await before?.catch(() => {});
      await work();
    })();
    this.#last.set(name, turn);
    try {
      await turn;
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name);
    }
  }
}
