import type { ControlClient, PeekedMessage } from "@localemu/control";
import { decodeText } from "./decode.ts";
import { type QueueSubject, subject } from "./matchers/subject.ts";

/** A message as it is kept in a queue. */
export interface QueueMessage extends PeekedMessage {
  /** The body, parsed where it is JSON. */
  readonly data: unknown;
}

/** How a queue is made. */
export interface QueueOptions {
  /** Seconds that a received message stays hidden. Default 30. */
  readonly visibilityTimeoutSeconds?: number;
  /** Seconds until a sent message can be received. Default 0. */
  readonly delaySeconds?: number;
  /** Where messages go that were received too often. Default: nowhere. */
  readonly deadLetter?: { readonly queue: QueueHandle; readonly maxReceiveCount: number };
}

/**
 * An SQS queue of a world. It may be given to `expect` for the matchers of queues.
 *
 * @example
 * ```ts
 * const dlq = await emu.createQueue("orders-dlq");
 * await expect(dlq).toHaveFailedRecord({ id: "bad" });
 * ```
 */
export class QueueHandle {
  readonly name: string;
  /** As SQS gives it: with the world's prefix, so that any client reaches the right world. */
  readonly url: string;
  readonly arn: string;
  readonly #control: ControlClient;

  /** Use `emu.createQueue(…)` or `emu.queue(…)`. */
  constructor(control: ControlClient, name: string, url: string, arn: string) {
    this.#control = control;
    this.name = name;
    this.url = url;
    this.arn = arn;
  }

  /** Sends a message and gives its id. Throws ControlError as SendMessage does. */
  async send(body: string): Promise<string> {
    const output = await this.#control.call("sqs", "SendMessage", { QueueUrl: this.url, MessageBody: body });
    return String(output["MessageId"]);
  }

  /** Every message, hidden and delayed ones included; nothing is consumed or hidden. */
  async messages(): Promise<readonly QueueMessage[]> {
    const { messages } = await this.#control.peek.queue(this.name);
    return messages.map((message) => ({ ...message, data: decodeText(message.body) }));
  }

  /** What the matchers read. */
  get [subject](): QueueSubject {
    return {
      kind: "queue",
      name: this.name,
      world: this.#control,
      read: async () => (await this.#control.peek.queue(this.name)).messages,
    };
  }
}

/** SQS's Attributes of a queue. */
export function queueAttributes(options: QueueOptions): Readonly<Record<string, string>> {
  const { visibilityTimeoutSeconds, delaySeconds, deadLetter } = options;
  return {
    ...(visibilityTimeoutSeconds !== undefined && { VisibilityTimeout: String(visibilityTimeoutSeconds) }),
    ...(delaySeconds !== undefined && { DelaySeconds: String(delaySeconds) }),
    ...(deadLetter !== undefined && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: deadLetter.queue.arn,
        maxReceiveCount: deadLetter.maxReceiveCount,
      }),
    }),
  };
}
