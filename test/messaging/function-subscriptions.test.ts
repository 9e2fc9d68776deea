import { CreateAliasCommand, DeleteFunctionCommand } from "@aws-sdk/client-lambda";
import { PublishBatchCommand, PublishCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { beforeEach, expect, test } from "vitest";
import { arnOf, createFunction } from "../lambda/lambda-api.ts";
import { zipOf } from "../lambda/zips.ts";
import { notifiedWorlds } from "./notified-world.ts";

const worlds = notifiedWorlds();
let TopicArn: string;

const subscribe = async (Endpoint: string, Attributes: Record<string, string> = {}) => {
  const { sns } = worlds.current;
  const subscribed = await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: "lambda", Endpoint, Attributes, ReturnSubscriptionArn: true }),
  );
  return subscribed.SubscriptionArn ?? "";
};
const invocations = async (name: string) => {
  await worlds.current.emu.idle();
  return worlds.current.emu.function(name).invocations();
};

beforeEach(async () => {
  ({ arn: TopicArn } = await worlds.current.emu.createTopic("orders"));
  await createFunction(worlds.current.lambda, "handler");
});

test("a function gets AWS's event of what is published, raw delivery or not", async () => {
  const { sns, emu } = worlds.current;
  const EventSubscriptionArn = await subscribe(arnOf("handler"), { RawMessageDelivery: "true" });
  const MessageAttributes = {
    kind: { DataType: "String", StringValue: "new" },
    bytes: { DataType: "Binary", BinaryValue: Buffer.from("binary") },
  };
  const { MessageId } = await sns.send(
    new PublishCommand({ TopicArn, Message: '{"id":1}', Subject: "An order", MessageAttributes }),
  );
  const notified = {
    Type: "Notification",
    MessageId,
    TopicArn,
    Subject: "An order",
    Message: '{"id":1}',
    Timestamp: "2100-07-01T09:30:15.250Z",
    SignatureVersion: "1",
    Signature: expect.any(String),
    SigningCertUrl: expect.stringMatching(/^https:.*\.pem$/),
    UnsubscribeUrl: `${emu.endpoint}/?Action=Unsubscribe&SubscriptionArn=${EventSubscriptionArn}`,
    MessageAttributes: {
      kind: { Type: "String", Value: "new" },
      bytes: { Type: "Binary", Value: Buffer.from("binary").toString("base64") },
    },
  };
  const about = { EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn };
  expect(await invocations("handler")).toMatchObject([
    { source: "topic orders", event: { Records: [{ ...about, Sns: notified }] } },
  ]);
});

test("without a subject and attributes there are a null and an empty object", async () => {
  await subscribe(arnOf("handler"));
  await worlds.current.sns.send(new PublishCommand({ TopicArn, Message: "m" }));
  expect(await invocations("handler")).toMatchObject([
    { event: { Records: [{ Sns: { Subject: null, Message: "m", MessageAttributes: {} } }] } },
  ]);
});

test("each message of a batch that the filter lets pass is an event of its own", async () => {
  await subscribe(arnOf("handler"), { FilterPolicy: JSON.stringify({ kind: ["order"] }) });
  const PublishBatchRequestEntries = ["order", "noise", "order"].map((StringValue, index) => ({
    Id: String(index),
    Message: `${StringValue} ${index}`,
    MessageAttributes: { kind: { DataType: "String", StringValue } },
  }));
  await worlds.current.sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
  const messages = (await invocations("handler")).map(({ event }) => event);
  expect(messages).toMatchObject([
    { Records: [{ Sns: { Message: "order 0" } }] },
    { Records: [{ Sns: { Message: "order 2" } }] },
  ]);
});

test("an alias is notified, and a queue beside it", async () => {
  const { emu, lambda, sns } = worlds.current;
  const ZipFile = zipOf({ "index.js": "exports.handler = async () => process.env.AWS_LAMBDA_FUNCTION_VERSION;" });
  await createFunction(lambda, "versions", { Code: { ZipFile }, Publish: true });
  await lambda.send(new CreateAliasCommand({ FunctionName: "versions", Name: "live", FunctionVersion: "1" }));
  await subscribe(`${arnOf("versions")}:live`);
  const queue = await emu.createQueue("beside");
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn }));
  await sns.send(new PublishCommand({ TopicArn, Message: "m" }));
  expect(await invocations("versions")).toMatchObject([{ response: "1" }]);
  expect(await queue.messages()).toHaveLength(1);
});

test("each protocol gets its own text, or the default", async () => {
  const { emu, sns } = worlds.current;
  await subscribe(arnOf("handler"));
  const [wrapped, raw] = [await emu.createQueue("wrapped"), await emu.createQueue("raw")];
  await emu.topic("orders").subscribe(wrapped);
  await emu.topic("orders").subscribe(raw, { raw: true });
  const publish = (Message: string) => sns.send(new PublishCommand({ TopicArn, Message, MessageStructure: "json" }));
  await publish(JSON.stringify({ default: "for others", lambda: "for functions", sqs: { not: "a text" } }));
  expect(await invocations("handler")).toMatchObject([{ event: { Records: [{ Sns: { Message: "for functions" } }] } }]);
  expect(await wrapped.messages()).toMatchObject([{ data: { Message: "for others" } }]);
  expect(await raw.messages()).toMatchObject([{ body: "for others" }]);
  const refused = (message: string) => ({
    name: "InvalidParameterException",
    message,
    $metadata: { httpStatusCode: 400 },
  });
  await expect(publish("no JSON")).rejects.toMatchObject(
    refused("Invalid parameter: Message Structure - JSON message body failed to parse"),
  );
  await expect(publish('{"sqs":"only"}')).rejects.toMatchObject(
    refused("Invalid parameter: Message Structure - No default entry in JSON message body"),
  );
});

test("a function that is gone is told of on the timeline, and who publishes is not", async () => {
  const { emu, lambda, sns } = worlds.current;
  await subscribe(arnOf("handler"));
  await emu.idle();
  await lambda.send(new DeleteFunctionCommand({ FunctionName: "handler" }));
  await sns.send(new PublishCommand({ TopicArn, Message: "m" }));
  expect((await emu.timeline()).filter(({ type }) => type === "notification.failed")).toMatchObject([
    {
      from: "topic orders",
      destination: arnOf("handler"),
      error: `ResourceNotFoundException: Function not found: ${arnOf("handler")}`,
    },
  ]);
});
