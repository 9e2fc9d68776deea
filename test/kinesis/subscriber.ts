import { RegisterStreamConsumerCommand, SubscribeToShardCommand } from "@aws-sdk/client-kinesis";
import type {
  KinesisClient,
  StartingPosition,
  SubscribeToShardEvent,
  SubscribeToShardEventStream,
} from "@aws-sdk/client-kinesis";
import type { TestEmulator } from "../emulator/emulator.ts";
import { activeStream, arnOf, latencyMs, shardId } from "./streams.ts";

/** A stream with a consumer that is ACTIVE. */
export async function consumerOf(emulator: TestEmulator, name: string, shards = 1): Promise<string> {
  await activeStream(emulator, name, shards);
  return register(emulator, name, "app");
}

/** Registers a consumer and waits until it is ACTIVE; answers its ARN. */
export async function register({ emu, kinesis }: TestEmulator, name: string, ConsumerName: string): Promise<string> {
  const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN: arnOf(name), ConsumerName }));
  await emu.clock.advance(latencyMs);
  return Consumer?.ConsumerARN ?? "";
}

/** Reads a subscription event by event. */
export class Subscriber {
  readonly #events: AsyncIterator<SubscribeToShardEventStream>;

  constructor(events: AsyncIterable<SubscribeToShardEventStream> | undefined) {
    if (events === undefined) throw new Error("there is no stream of events");
    this.#events = events[Symbol.asyncIterator]();
  }

  /** The next event; undefined at the end. */
  async next(): Promise<SubscribeToShardEvent | undefined> {
    const { value, done } = await this.#events.next();
    return done === true ? undefined : value.SubscribeToShardEvent;
  }

  /** The partition keys of the next event. */
  async keys(): Promise<readonly (string | undefined)[] | undefined> {
    return (await this.next())?.Records?.map(({ PartitionKey }) => PartitionKey);
  }

  async close(): Promise<void> {
    await this.#events.return?.();
  }
}

export async function subscribe(
  kinesis: KinesisClient,
  ConsumerARN: string,
  position: StartingPosition = { Type: "TRIM_HORIZON" },
  shard = 0,
): Promise<Subscriber> {
  const input = { ConsumerARN, ShardId: shardId(shard), StartingPosition: position };
  return new Subscriber((await kinesis.send(new SubscribeToShardCommand(input))).EventStream);
}
