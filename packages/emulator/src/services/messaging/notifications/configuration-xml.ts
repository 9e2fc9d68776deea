import { textElement } from "../../../protocols/xml-writer.ts";
import type { BucketNotification, NotifiedService } from "./bucket-notifications.ts";
import { childrenOf, readXml, textOf } from "./xml-elements.ts";
import type { XmlElement } from "./xml-elements.ts";

/** A configuration as it was given. */
export interface GivenConfiguration {
  readonly notifications: readonly GivenNotification[];
  readonly hasEventBridge: boolean;
}

export interface GivenNotification extends Omit<BucketNotification, "id" | "prefix" | "suffix"> {
  readonly id: string | undefined;
  readonly rules: readonly { readonly name: string; readonly value: string }[];
}

/** By service: the element of a notification, and that of the ARN in it. */
const elements: readonly (readonly [NotifiedService, string, string])[] = [
  ["sns", "TopicConfiguration", "Topic"],
  ["sqs", "QueueConfiguration", "Queue"],
  ["lambda", "CloudFunctionConfiguration", "CloudFunction"],
];

/** Undefined where the text is no configuration. */
export function readConfiguration(text: string): GivenConfiguration | undefined {
  const root = readXml(text);
  if (root?.name !== "NotificationConfiguration") return undefined;
  const notifications = elements.flatMap(([service, element, arn]) =>
    childrenOf(root, element).map((given) => ({
      id: textOf(given, "Id"),
      service,
      arn: textOf(given, arn) ?? "",
      events: childrenOf(given, "Event").map(({ text: event }) => event),
      rules: rulesOf(given),
    })),
  );
  return { notifications, hasEventBridge: childrenOf(root, "EventBridgeConfiguration").length > 0 };
}

function rulesOf(given: XmlElement): GivenNotification["rules"] {
  return childrenOf(given, "Filter")
    .flatMap((filter) => childrenOf(filter, "S3Key"))
    .flatMap((key) => childrenOf(key, "FilterRule"))
    .map((rule) => ({ name: textOf(rule, "Name") ?? "", value: textOf(rule, "Value") ?? "" }));
}

export function writeConfiguration(notifications: readonly BucketNotification[]): string {
  const parts = elements.flatMap(([service, element, arn]) =>
    notifications
      .filter((notification) => notification.service === service)
      .map((notification) => `<${element}>${members(notification, arn)}</${element}>`),
  );
  const root = `<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}${parts.join("")}</NotificationConfiguration>`;
}

function members({ id, arn, events, prefix, suffix }: BucketNotification, arnElement: string): string {
  const rule = (name: string, value: string | undefined): string =>
    value === undefined ? "" : `<FilterRule>${textElement("Name", name)}${textElement("Value", value)}</FilterRule>`;
  // AWS: the names begin with a capital, however they were given (recorded on AWS).
  const rules = rule("Prefix", prefix) + rule("Suffix", suffix);
  const filter = rules === "" ? "" : `<Filter><S3Key>${rules}</S3Key></Filter>`;
  return (
    textElement("Id", id) +
    textElement(arnElement, arn) +
    events.map((event) => textElement("Event", event)).join("") +
    filter
  );
}
