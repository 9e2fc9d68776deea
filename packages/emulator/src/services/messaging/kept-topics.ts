import type { SnsStore, SnsSubscription, SnsTopic, TopicPersistence } from "localemu:fauxqs";
import type { Document, DocumentStore } from "../../storage/document-store.ts";

/** By ARN, both. */
export const topicsCollection = "sns.topics";
export const subscriptionsCollection = "sns.subscriptions";

type Texts = Readonly<Record<string, string>>;

export type TopicDocument = { readonly name: string; readonly attributes: Texts; readonly tags: Texts };

export type SubscriptionDocument = {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
  readonly attributes: Texts;
};

/** Keeps the topics of a region and their subscriptions; not what was published, which is in the queues by then. */
export function keptTopics(documents: DocumentStore, sns: SnsStore): TopicPersistence {
  const putTopic = ({ arn, name, attributes, tags }: SnsTopic): void => {
    const document: TopicDocument = { name, attributes: { ...attributes }, tags: Object.fromEntries(tags) };
    documents.put(topicsCollection, arn, document);
  };
  const putSubscription = ({ arn, topicArn, protocol, endpoint, confirmed, attributes }: SnsSubscription): void => {
    const document: SubscriptionDocument = {
      topicArn,
      protocol,
      endpoint,
      confirmed,
      attributes: { ...attributes },
    };
    documents.put(subscriptionsCollection, arn, document);
  };
  return {
    insertTopic: putTopic,
    updateTopicAttributes(arn) {
      const topic = sns.getTopic(arn);
      if (topic !== undefined) putTopic(topic);
    },
    // Subscriptions know their topics.
    updateTopicSubscriptionArns: () => {},
    deleteTopic: (arn) => documents.delete(topicsCollection, arn),
    insertSubscription: putSubscription,
    updateSubscriptionAttributes(arn) {
      const subscription = sns.getSubscription(arn);
      if (subscription !== undefined) putSubscription(subscription);
    },
    deleteSubscription: (arn) => documents.delete(subscriptionsCollection, arn),
  };
}

export function restoreTopic(sns: SnsStore, { key: arn, value }: Document<TopicDocument>): void {
  const { name, attributes, tags } = value;
  sns.topics.set(arn, { arn, name, attributes, tags: new Map(Object.entries(tags)), subscriptionArns: [] });
}

/** To be called in the order in which they were made, after their topics. */
export function restoreSubscription(sns: SnsStore, { key: arn, value }: Document<SubscriptionDocument>): void {
  const { topicArn, protocol, endpoint, confirmed, attributes } = value;
  sns.subscriptions.set(arn, { arn, topicArn, protocol, endpoint, confirmed, attributes });
  sns.getTopic(topicArn)?.subscriptionArns.push(arn);
}
