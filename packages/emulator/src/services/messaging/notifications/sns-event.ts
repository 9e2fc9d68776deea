import type { SnsEnvelope } from "localemu:fauxqs";

/**
 * The event by which a topic invokes a function: always a document of this form, whatever the subscription says of raw delivery.
 * AWS: names, order and the null (AWS docs, and recorded on AWS).
 */
export function snsEvent(subscriptionArn: string, envelope: SnsEnvelope, unsubscribeUrl: string): string {
  const { Type, MessageId, TopicArn, Subject = null, Message, Timestamp, MessageAttributes = {} } = envelope;
  const { SignatureVersion, Signature, SigningCertURL: SigningCertUrl } = envelope;
  const notification = { Type, MessageId, TopicArn, Subject, Message, Timestamp };
  const signature = { SignatureVersion, Signature, SigningCertUrl };
  const Sns = { ...notification, ...signature, UnsubscribeUrl: unsubscribeUrl, MessageAttributes };
  return JSON.stringify({
    Records: [{ EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: subscriptionArn, Sns }],
  });
}
