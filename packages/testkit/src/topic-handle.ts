import type { ControlClient, PeekedNotification } from "@localemu/control";
import { asText, decodeText } from "./decode.ts";
import { subject, type TopicSubject } from "./matchers/subject.ts";
import type { AttachedHandler } from "./attach-handler.ts";
import type { FunctionHandle } from "./function-handle.ts";
import type { QueueHandle } from "./queue-handle.ts";

/** A message that was published to a topic. */
export interface TopicMessage extends PeekedNotification {
  /** The message, parsed where it is JSON. */
  readonly data: unknown;
}

/** How a topic is made. */
export interface TopicOptions {
  /** Of a FIFO topic: messages are told apart by what they say. Default false. */
  readonly contentBasedDeduplication?: boolean;
}

/** How a message is published. */
export interface PublishOptions {
  readonly subject?: string;
  /** String attributes, as filter policies read them. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** For FIFO topics. */
  readonly groupId?: string;
  /** For FIFO topics without deduplication by content. */
  readonly deduplicationId?: string;
}

/**
 * An SNS topic of a world. It may be given to `expect` for the matchers of topics.
 *
 * @example
 * ```ts
 * const alerts = await emu.createTopic("alerts");
 * await expect(alerts).toHavePublished({ level: "error" });
 * ```
 */
export class TopicHandle {
  readonly name: string;
  readonly arn: string;
  readonly #control: ControlClient;

  /** Use `emu.createTopic(…)` or `emu.topic(…)`. */
  constructor(control: ControlClient, name: string, arn: string) {
    this.#control = control;
    this.name = name;
    this.arn = arn;
  }

  /** Publishes text as it is, or an object as JSON; gives the message's id. Throws ControlError as Publish does. */
  async publish(message: string | object, options: PublishOptions = {}): Promise<string> {
    const attributes = Object.entries(options.attributes ?? {});
    const output = await this.#control.call("sns", "Publish", {
      TopicArn: this.arn,
      Message: asText(message),
      ...(options.subject !== undefined && { Subject: options.subject }),
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

  /**
   * Delivers what is published from now on to a queue, or invokes a function with it; `raw` leaves out the envelope in a queue.
   * Throws ControlError as Subscribe does.
   */
  async subscribe(
    subscriber: QueueHandle | FunctionHandle | AttachedHandler,
    { raw = false }: { readonly raw?: boolean } = {},
  ): Promise<void> {
    await this.#control.call("sns", "Subscribe", {
      TopicArn: this.arn,
      Protocol: subscriber.arn.split(":")[2],
      Endpoint: subscriber.arn,
      ...(raw && { Attributes: { RawMessageDelivery: "true" } }),
    });
  }

  /** What was published, oldest first: the last 1000 messages. */
  async messages(): Promise<readonly TopicMessage[]> {
    const { notifications } = await this.#control.peek.topic(this.name);
    return notifications.map((notification) => ({ ...notification, data: decodeText(notification.message) }));
  }

  /** What the matchers read. */
  get [subject](): TopicSubject {
    return { kind: "topic", name: this.name, world: this.#control, read: () => this.messages() };
  }
}

/** SNS's Attributes of a topic. */
export function topicAttributes(
  name: string,
  { contentBasedDeduplication }: TopicOptions,
): Readonly<Record<string, string>> {
  return {
    ...(name.endsWith(".fifo") && { FifoTopic: "true" }),
    ...(contentBasedDeduplication !== undefined && { ContentBasedDeduplication: String(contentBasedDeduplication) }),
  };
}
