interface Layer {
  readonly value: string;
}

/** A variable that somebody has set: what it was before, and what each of them made of it, the newest last. */
interface Layered {
  readonly before: string | undefined;
  readonly layers: Layer[];
}

/**
 * Variables of one environment that several set and take back, in any order: the one that was set last counts, and when all are
 * taken back, it is as it was.
 */
export class VariableLayers {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #layered = new Map<string, Layered>();

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** The returned function takes the variables back; calling it twice is harmless. */
  set(variables: Readonly<Record<string, string>>): () => void {
    const ends = Object.entries(variables).map(([name, value]) => this.#set(name, value));
    return () => {
      for (const end of ends.splice(0)) end();
    };
  }

  #set(name: string, value: string): () => void {
    let layered = this.#layered.get(name);
    if (layered === undefined) {
      layered = { before: this.#environment[name], layers: [] };
      this.#layered.set(name, layered);
    }
    const { before, layers } = layered;
    const layer: Layer = { value };
    layers.push(layer);
    this.#environment[name] = value;
    return () => {
      const wasLast = layers.at(-1) === layer;
      layers.splice(layers.indexOf(layer), 1);
      if (layers.length === 0) this.#layered.delete(name);
      if (wasLast) this.#put(name, layers.at(-1)?.value ?? before);
    };
  }

  #put(name: string, value: string | undefined): void {
    if (value === undefined) delete this.#environment[name];
    else this.#environment[name] = value;
  }
}
