type Listener = (region: string, queueName: string) => void;

/**
 * Tells listeners of changed queues, each queue once for all the changes of one step: in a microtask, when the change is in
 * effect, but before the call that made it ends.
 */
export class QueueChanges {
  readonly #listeners = new Set<Listener>();
  readonly #changed = new Map<string, readonly [region: string, queueName: string]>();

  add(region: string, queueName: string): void {
    if (this.#listeners.size === 0) return;
    if (this.#changed.size === 0) queueMicrotask(() => this.#tell());
    this.#changed.set(`${region}/${queueName}`, [region, queueName]);
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    const changed = [...this.#changed.values()];
    this.#changed.clear();
    for (const [region, queueName] of changed) for (const listener of this.#listeners) listener(region, queueName);
  }
}
