import type { KeptConsumer } from "./kept-stream.ts";
import { PushThroughput } from "./shard-throughput.ts";

export type ConsumerStatus = "CREATING" | "ACTIVE" | "DELETING";

/** What the next subscription to the same shard must know of one. */
export interface ConsumerSubscription {
  /** World time, milliseconds. */
  readonly since: number;
  end(error: Error): void;
}

/** A consumer that is registered for enhanced fan-out. */
export class StreamConsumer {
  readonly name: string;
  readonly arn: string;
  /** AWS: whole seconds, in milliseconds. */
  readonly createdAt: number;
  readonly tags: Map<string, string>;
  status: ConsumerStatus = "CREATING";
  policy: string | undefined;
  /** The newest of each shard, by the shard's index; also where it has ended. */
  readonly subscriptions = new Map<number, ConsumerSubscription>();
  /** What each shard may still push to it, by the shard's index. */
  readonly #pushes = new Map<number, PushThroughput>();
  readonly #deregisteredListeners = new Set<() => void>();
  #dropped = false;

  /** AWS: the second of its creation is a part of its ARN (AWS docs). */
  constructor(name: string, streamArn: string, createdSeconds: number, tags: ReadonlyMap<string, string>) {
    this.name = name;
    this.arn = `${streamArn}/consumer/${name}:${createdSeconds}`;
    this.createdAt = createdSeconds * 1000;
    this.tags = new Map(tags);
  }

  /** The consumer as another emulator kept it. */
  static restore({ name, createdSeconds, tags, status, policy }: KeptConsumer, streamArn: string): StreamConsumer {
    const consumer = new StreamConsumer(name, streamArn, createdSeconds, new Map(tags));
    consumer.status = status;
    consumer.policy = policy;
    return consumer;
  }

  kept(): KeptConsumer {
    const { name, createdAt, tags, status, policy } = this;
    return { name, createdSeconds: createdAt / 1000, tags: [...tags], status, policy };
  }

  pushesOf(shardIndex: number): PushThroughput {
    let pushes = this.#pushes.get(shardIndex);
    if (pushes === undefined) this.#pushes.set(shardIndex, (pushes = new PushThroughput()));
    return pushes;
  }

  /** Calls `listener` once, when the consumer is gone. Answers a function that ends that. */
  onDeregistered(listener: () => void): () => void {
    this.#deregisteredListeners.add(listener);
    return () => this.#deregisteredListeners.delete(listener);
  }

  /** True once the consumer is gone. */
  get dropped(): boolean {
    return this.#dropped;
  }

  drop(): void {
    this.#dropped = true;
    for (const listener of this.#deregisteredListeners) listener();
  }
}
