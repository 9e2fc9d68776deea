import { regionOf } from "../../core/arns.ts";
import type { Document, DocumentStore, DocumentValue } from "../../storage/document-store.ts";
import { queuesCollection } from "./kept-queue.ts";
import type { QueueDocument } from "./kept-queue.ts";
import { subscriptionsCollection, topicsCollection } from "./kept-topics.ts";
import type { SubscriptionDocument, TopicDocument } from "./kept-topics.ts";

/** What was kept of the queues and topics of one region. */
export interface KeptRegion {
  readonly queues: readonly Document<QueueDocument>[];
  readonly topics: readonly Document<TopicDocument>[];
  readonly subscriptions: readonly Document<SubscriptionDocument>[];
}

/** By region: what is kept has its ARN for a key. */
export function readRegions(documents: DocumentStore): ReadonlyMap<string, KeptRegion> {
  const queues = byRegion(documents.read<QueueDocument>(queuesCollection));
  const topics = byRegion(documents.read<TopicDocument>(topicsCollection));
  const subscriptions = byRegion(documents.read<SubscriptionDocument>(subscriptionsCollection));
  const regions = new Set([...queues.keys(), ...topics.keys()]);
  const keptIn = (region: string): KeptRegion => ({
    queues: queues.get(region) ?? [],
    topics: topics.get(region) ?? [],
    subscriptions: subscriptions.get(region) ?? [],
  });
  return new Map([...regions].map((region) => [region, keptIn(region)]));
}

function byRegion<Value extends DocumentValue>(documents: readonly Document<Value>[]) {
  return Map.groupBy(documents, ({ key }) => regionOf(key));
}
