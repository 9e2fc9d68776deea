import { readFileSync } from "node:fs";
import { CreateEventSourceMappingCommand, UpdateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import type {
  CreateEventSourceMappingCommandInput,
  UpdateEventSourceMappingCommandInput,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import type { SendMessageBatchRequestEntry } from "@aws-sdk/client-sqs";
import type { PeekedMessage, TimelineEntry } from "@localemu/control";
import type { TestEmulator } from "../emulator/emulator.ts";
import { MappedStream } from "./mapped-stream.ts";
import type { EntryOf } from "./mapped-stream.ts";

/** A message of the queue, which tells the function what to do with it. */
export interface Job {
  readonly id: number;
  /** Its message group, in a FIFO queue. */
  readonly group?: string;
  /** `throw` ends the invocation; `report` names the message in the answer. */
  readonly fail?: "throw" | "report";
  /** It fails the first so many times that it is received. Default: always. */
  readonly times?: number;
  /** What the function answers instead. */
  readonly say?: unknown;
  /** How long the function takes for it, in milliseconds of host time. */
  readonly takesMs?: number;
  /** Before it is visible for the first time. */
  readonly delaySeconds?: number;
}

export const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
export const reportsFailures = {
  FunctionResponseTypes: ["ReportBatchItemFailures"],
} satisfies Partial<CreateEventSourceMappingCommandInput>;

const handler = readFileSync(new URL("./queue/function/index.mjs", import.meta.url));

interface MappedQueueOptions {
  readonly fifo?: boolean;
  readonly frozen?: boolean;
  readonly attributes?: Record<string, string>;
  /** With this, a queue for dead letters. */
  readonly maxReceiveCount?: number;
}

/** A world with a queue `jobs` (or `jobs.fifo`), one for its dead letters, and a function `jobs-fn`. */
export class MappedQueue implements AsyncDisposable {
  readonly world: MappedStream;
  readonly name: string;
  #url = "";
  #sent = 0;

  constructor(world: MappedStream, name: string) {
    this.world = world;
    this.name = name;
  }

  static async in(
    server: TestEmulator,
    { fifo = false, frozen = true, attributes = {}, maxReceiveCount }: MappedQueueOptions = {},
  ): Promise<MappedQueue> {
    const end = fifo ? ".fifo" : "";
    const queue = new MappedQueue(new MappedStream(await server.emu.createWorld()), `jobs${end}`);
    const { sqs } = queue.world.clients;
    if (frozen) await queue.emu.clock.freeze();
    const kind: Record<string, string> = fifo ? { FifoQueue: "true", ContentBasedDeduplication: "true" } : {};
    const redrive = { deadLetterTargetArn: queueArn(`jobs-dead${end}`), maxReceiveCount };
    await sqs.send(new CreateQueueCommand({ QueueName: `jobs-dead${end}`, Attributes: kind }));
    const { QueueUrl = "" } = await sqs.send(
      new CreateQueueCommand({
        QueueName: queue.name,
        Attributes: {
          ...kind,
          ...attributes,
          ...(maxReceiveCount === undefined ? {} : { RedrivePolicy: JSON.stringify(redrive) }),
        },
      }),
    );
    queue.#url = QueueUrl;
    await queue.createFunction();
    return queue;
  }

  createFunction(): Promise<void> {
    return this.world.createFunction({ FunctionName: "jobs-fn" }, handler);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world[Symbol.asyncDispose]();
  }

  get emu(): MappedStream["emu"] {
    return this.world.emu;
  }

  get url(): string {
    return this.#url;
  }

  /** Maps the queue to the function; gives the mapping's UUID. */
  async map(change: Partial<CreateEventSourceMappingCommandInput> = {}): Promise<string> {
    const EventSourceArn = queueArn(this.name);
    const { UUID = "" } = await this.world.clients.lambda.send(
      new CreateEventSourceMappingCommand({ EventSourceArn, FunctionName: "jobs-fn", ...change }),
    );
    return UUID;
  }

  async update(UUID: string, change: Partial<UpdateEventSourceMappingCommandInput>): Promise<void> {
    await this.world.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, ...change }));
  }

  /** Sends jobs, ten a call. */
  async send(...sent: readonly Job[]): Promise<void> {
    const entries = sent.map(({ group, delaySeconds, ...job }): SendMessageBatchRequestEntry => ({
      Id: `job-${this.#sent++}`,
      MessageBody: JSON.stringify(job),
      ...(group === undefined ? {} : { MessageGroupId: group }),
      ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
    }));
    for (let start = 0; start < entries.length; start += 10) {
      const Entries = entries.slice(start, start + 10);
      await this.world.clients.sqs.send(new SendMessageBatchCommand({ QueueUrl: this.#url, Entries }));
    }
  }

  /** The ids of each batch that the function was given, in the order of its invocations. */
  batches(): Promise<readonly (readonly number[])[]> {
    return this.world.batches("jobs-fn");
  }

  /** What is in the queue, or in another. */
  messages(name = this.name): Promise<readonly PeekedMessage[]> {
    return this.emu.queue(name).messages();
  }

  deadLetters(): Promise<readonly PeekedMessage[]> {
    return this.messages(this.name.replace("jobs", "jobs-dead"));
  }

  events<Type extends TimelineEntry["type"]>(type: Type): Promise<readonly EntryOf<Type>[]> {
    return this.world.events(type);
  }

  /** How many batches were under way at once, at most. */
  async mostAtOnce(): Promise<number> {
    let now = 0;
    let most = 0;
    for (const { type } of await this.emu.timeline()) {
      if (type === "mapping.batchStarted") most = Math.max(most, ++now);
      if (type === "mapping.batchSucceeded" || type === "mapping.batchFailed") now--;
    }
    return most;
  }
}

/** Jobs with the ids from `first` to `last`. */
export function jobs(first: number, last: number, job: Omit<Job, "id"> = {}): readonly Job[] {
  return Array.from({ length: last - first + 1 }, (_, index) => ({ ...job, id: first + index }));
}
