import type { KinesisPorts } from "../ports.ts";
import { TokenSeal } from "../token-seal.ts";
import type { Stream } from "./stream.ts";

/** Everything that Kinesis knows in one world. */
export class KinesisState {
  readonly ports: Required<KinesisPorts>;
  readonly seal: TokenSeal;
  readonly #regions = new Map<string, Map<string, Stream>>();
  readonly #transitions = new Map<Stream, () => void>();

  constructor(ports: Required<KinesisPorts>) {
    this.ports = ports;
    this.seal = new TokenSeal(ports.ids);
  }

  now(): number {
    return this.ports.clock.now();
  }

  find(region: string, name: string): Stream | undefined {
    return this.#regions.get(region)?.get(name);
  }

  /** The streams of a region, in no particular order. */
  streamsOf(region: string): readonly Stream[] {
    return [...(this.#regions.get(region)?.values() ?? [])];
  }

  /** Keeps a new stream; it becomes ACTIVE after the latency of the settings. */
  add(stream: Stream): void {
    let streams = this.#regions.get(stream.region);
    if (streams === undefined) this.#regions.set(stream.region, (streams = new Map()));
    streams.set(stream.name, stream);
    this.#afterLatency(stream, `creation of stream ${stream.name}`, () => {
      stream.status = "ACTIVE";
    });
  }

  /** The stream is gone after the latency of the settings. */
  remove(stream: Stream): void {
    stream.status = "DELETING";
    this.#afterLatency(stream, `deletion of stream ${stream.name}`, () => {
      this.#regions.get(stream.region)?.delete(stream.name);
      stream.drop();
      this.ports.record({ type: "stream.deleted", stream: stream.name, region: stream.region });
    });
  }

  clear(): void {
    for (const cancel of this.#transitions.values()) cancel();
    this.#transitions.clear();
    const streams = [...this.#regions.values()].flatMap((region) => [...region.values()]);
    this.#regions.clear();
    for (const stream of streams) stream.drop();
  }

  /** A stream has one change of state at a time: a new one takes the place of the one under way. */
  #afterLatency(stream: Stream, label: string, change: () => void): void {
    this.#transitions.get(stream)?.();
    this.#transitions.delete(stream);
    const { latencyMs } = this.ports.settings;
    if (latencyMs === 0) return change();
    const cancel = this.ports.clock.schedule(latencyMs, { kind: "work", label }, () => {
      this.#transitions.delete(stream);
      change();
    });
    this.#transitions.set(stream, cancel);
  }
}
