import type { ControlClient, PeekedMessage } from "@localemu/control";
import { asText, decodeText } from "./decode.ts";
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
  readonly redrive?: { readonly queue: QueueHandle; readonly maxReceiveCount: number };
  /** Of a FIFO queue: messages are told apart by what they say. Default false. */
  readonly contentBasedDeduplication?: boolean;
}

/** How a message is sent. */
export interface SendOptions {
  /** Seconds until it can be received. Default: the queue's. */
  readonly delaySeconds?: number;
  /** String attributes. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** For FIFO queues. */
  readonly groupId?: string;
  /** For FIFO queues without deduplication by content. */
  readonly deduplicationId?: string;
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

  /** Sends text as it is, or an object as JSON; gives the message's id. Throws ControlError as SendMessage does. */
  async send(body: string | object, options: SendOptions = {}): Promise<string> {
    const attributes = Object.entries(options.attributes ?? {});
    const output = await this.#control.call("sqs", "SendMessage", {
      QueueUrl: this.url,
      MessageBody: asText(body),
      ...(options.delaySeconds !== undefined && { DelaySeconds: options.delaySeconds }),
      ...(options.groupId !== undefined && { MessageGroupId: options.groupId }),
      ...(options.deduplicationId !== undefined && { MessageDeduplicationId: options.deduplicationId }),
      ...(attributes.length > 0 && {
        MessageAttributes: Object.fromEntries(
          attributes.map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
        ),
      }),
    });
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
      read: () => this.messages(),
    };
  }
}

/** SQS's Attributes of a queue. */
export function queueAttributes(options: QueueOptions): Readonly<Record<string, string>> {
  const { visibilityTimeoutSeconds, delaySeconds, redrive, contentBasedDeduplication } = options;
  return {
    ...(visibilityTimeoutSeconds !== undefined && { VisibilityTimeout: String(visibilityTimeoutSeconds) }),
    ...(delaySeconds !== undefined && { DelaySeconds: String(delaySeconds) }),
    ...(contentBasedDeduplication !== undefined && { ContentBasedDeduplication: String(contentBasedDeduplication) }),
    ...(redrive !== undefined && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: redrive.queue.arn,
        maxReceiveCount: redrive.maxReceiveCount,
      }),
    }),
  };
}
