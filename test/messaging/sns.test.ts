import {
  CreateTopicCommand,
  ListSubscriptionsCommand,
  NotFoundException,
  PublishBatchCommand,
  PublishCommand,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import type { SNSClient } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { bodies, counts, createQueue, parkedPoll, receive, startOrders } from "./queues.ts";

async function subscribedTopic(
  sns: SNSClient,
  queueArn: string,
  attributes: Record<string, string> = {},
): Promise<string> {
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "events" }));
  const Endpoint = queueArn;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes: attributes }));
  return TopicArn;
}

test("what is published arrives in a subscribed queue, within its envelope", async () => {
  const { sqs, server, clock } = await startOrders();
  const sns = server.sns("orders");
  const url = await createQueue(sqs, "incoming");
  const TopicArn = await subscribedTopic(sns, "arn:aws:sqs:us-east-1:000000000000:incoming");
  const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: "hello", Subject: "greeting" }));

  const [envelope = ""] = await bodies(receive(sqs, url));
  expect(JSON.parse(envelope)).toMatchObject({
    Type: "Notification",
    MessageId,
    TopicArn,
    Subject: "greeting",
    Message: "hello",
    Timestamp: new Date(clock.now()).toISOString(),
    UnsubscribeURL: expect.stringContaining(
      `${server.origin}/_world/orders/?Action=Unsubscribe&SubscriptionArn=${TopicArn}:`,
    ),
  });

  const left = await fetch(JSON.parse(envelope).UnsubscribeURL);
  expect(left.status).toBe(200);
  expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions ?? []).toEqual([]);
});

test("raw delivery, filter policies, batches and the queue's delay", async () => {
  const { sqs, server, time } = await startOrders();
  const sns = server.sns("orders");
  const url = await createQueue(sqs, "incoming", { DelaySeconds: "5" });
  const TopicArn = await subscribedTopic(sns, "arn:aws:sqs:us-east-1:000000000000:incoming", {
    RawMessageDelivery: "true",
    FilterPolicy: JSON.stringify({ kind: ["order"] }),
  });
  const PublishBatchRequestEntries = ["order", "noise"].map((kind) => ({
    Id: kind,
    Message: `an ${kind}`,
    MessageAttributes: { kind: { DataType: "String", StringValue: kind } },
  }));
  await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));

  expect(await counts(sqs, url)).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
  await time.advance(5_000);
  expect(await bodies(receive(sqs, url))).toEqual(["an order"]);
});

test("a notification wakes a poll, and is counted as activity until it is answered", async () => {
  const world = await startOrders();
  const sns = world.server.sns("orders");
  const url = await createQueue(world.sqs, "incoming");
  const TopicArn = await subscribedTopic(sns, "arn:aws:sqs:us-east-1:000000000000:incoming", {
    RawMessageDelivery: "true",
  });
  const { poll } = await parkedPoll(world, url);
  const busyWhenChanged: number[] = [];
  world.messaging.onQueueChanged(() => busyWhenChanged.push(world.activity.count));
  await sns.send(new PublishCommand({ TopicArn, Message: "hello" }));

  expect(await bodies(poll)).toEqual(["hello"]);
  expect(busyWhenChanged.length).toBeGreaterThan(0);
  expect(Math.min(...busyWhenChanged)).toBeGreaterThan(0);
});

test("a topic delivers to a queue of another region", async () => {
  const { server } = await startOrders();
  const frankfurt = server.sqs("orders", { region: "eu-central-1" });
  const url = await createQueue(frankfurt, "incoming");
  const sns = server.sns("orders");
  const TopicArn = await subscribedTopic(sns, "arn:aws:sqs:eu-central-1:000000000000:incoming", {
    RawMessageDelivery: "true",
  });
  await sns.send(new PublishCommand({ TopicArn, Message: "far" }));
  expect(await bodies(receive(frankfurt, url))).toEqual(["far"]);
});

test("a topic that does not exist is the SDK's own exception", async () => {
  const { server, events } = await startOrders();
  const TopicArn = "arn:aws:sns:us-east-1:000000000000:nowhere";
  const published = server.sns("orders").send(new PublishCommand({ TopicArn, Message: "lost" }));
  await expect(published).rejects.toThrow(NotFoundException);
  await expect(published).rejects.toThrow("Topic does not exist");
  expect(events).toMatchObject([{ type: "call.failed", service: "sns", operation: "Publish", code: "NotFound" }]);
});
