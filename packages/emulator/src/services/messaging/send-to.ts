import type { ParsedArn } from "../../core/arns.ts";
import type { ReportOptions } from "./ports.ts";
import { storedQueueUrl } from "./queue-url.ts";
import type { Answer } from "./route-table.ts";
import type { WorldStores } from "./world-stores.ts";

/** The stores of what can be sent to. */
export type SendingStores = Pick<WorldStores, "sqs" | "sns" | "s3">;

/** Sends `body` to the queue, topic or bucket that `arn` names. */
export async function sendTo(
  stores: SendingStores,
  { service, region, resource }: ParsedArn,
  arn: string,
  body: string,
  { key = "", subject, attributes = {} }: ReportOptions,
): Promise<Answer> {
  switch (service) {
    case "sqs":
      return stores.sqs(region, "SendMessage", {
        QueueUrl: storedQueueUrl(region, resource),
        MessageBody: body,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, { type, value }]) => [name, { DataType: type, StringValue: value }]),
        ),
      });
    case "sns": {
      const about = subject === undefined ? {} : { Subject: subject };
      return stores.sns(region, {
        Action: "Publish",
        TopicArn: arn,
        Message: body,
        ...about,
        ...attributeFields(attributes),
      });
    }
    default: {
      const headers = { "content-type": "application/json" };
      const object = { headers, params: { bucket: resource, "*": key }, query: {}, body: Buffer.from(body) };
      return stores.s3("PUT", "/:bucket/*", object);
    }
  }
}

/** Message attributes as fields of a form. */
function attributeFields(attributes: NonNullable<ReportOptions["attributes"]>): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [index, [name, { type, value }]] of Object.entries(attributes).entries()) {
    const entry = `MessageAttributes.entry.${index + 1}`;
    fields[`${entry}.Name`] = name;
    fields[`${entry}.Value.DataType`] = type;
    fields[`${entry}.Value.StringValue`] = value;
  }
  return fields;
}
