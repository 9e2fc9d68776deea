import type { MessageAttribute, Published, SnsStore, SnsTopic } from "localemu:fauxqs";
import type { PeekedNotification, PeekedTopic, TimelineEvent } from "@localemu/control";
import type { Clock } from "../../core/clock.ts";

/** How many notifications are kept for each topic. */
const mostKept = 1000;

/** What was published to topics: they keep nothing by themselves, and need not have subscribers. */
export class Publications {
  readonly #clock: Clock;
  readonly #record: (event: TimelineEvent) => void;
  /** What a topic took goes with the topic. */
  readonly #byTopic = new WeakMap<SnsTopic, PeekedNotification[]>();

  constructor(clock: Clock, record: (event: TimelineEvent) => void) {
    this.#clock = clock;
    this.#record = record;
  }

  listenTo(sns: SnsStore, region: string): void {
    sns.onPublished = (published) => this.#add(published, region);
  }

  peek(sns: SnsStore, topicArn: string): PeekedTopic | undefined {
    const topic = sns.getTopic(topicArn);
    if (topic === undefined) return undefined;
    const subscriptions = topic.subscriptionArns.flatMap((arn) => {
      const subscription = sns.getSubscription(arn);
      return subscription === undefined ? [] : [{ protocol: subscription.protocol, endpoint: subscription.endpoint }];
    });
    return { topicName: topic.name, topicArn, subscriptions, notifications: this.#byTopic.get(topic) ?? [] };
  }

  #add({ topic, messageId, message, subject, messageGroupId, messageAttributes }: Published, region: string): void {
    let notifications = this.#byTopic.get(topic);
    if (notifications === undefined) this.#byTopic.set(topic, (notifications = []));
    notifications.push({
      messageId,
      message,
      ...(subject === undefined ? {} : { subject }),
      attributes: Object.fromEntries(Object.entries(messageAttributes).map(([name, value]) => [name, peeked(value)])),
      ...(messageGroupId === undefined ? {} : { groupId: messageGroupId }),
      publishedAt: this.#clock.now(),
    });
    if (notifications.length > mostKept) notifications.shift();
    this.#record({ type: "topic.published", topic: topic.name, region, messageId });
  }
}

function peeked({ DataType, StringValue, BinaryValue }: MessageAttribute): PeekedNotification["attributes"][string] {
  return { type: DataType, value: StringValue ?? BinaryValue ?? "" };
}
