import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test } from "vitest";
import { MessagingServer } from "./messaging-server.ts";
import type { MessagingWorld } from "./messaging-server.ts";

interface Setup extends MessagingWorld {
  readonly server: MessagingServer;
  readonly sqs: SQSClient;
}

async function start(): Promise<Setup> {
  const server = await MessagingServer.start();
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { ...server.world("orders"), server, sqs: server.sqs("orders") };
}

async function createQueue(
  sqs: SQSClient,
  QueueName: string,
  Attributes: Record<string, string> = {},
): Promise<string> {
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl;
}

async function receive(sqs: SQSClient, QueueUrl: string, input: { WaitTimeSeconds?: number } = {}) {
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ["All"],
    ...input,
  });
  return (await sqs.send(command)).Messages ?? [];
}

/** Resolves when the poll that was just sent waits for a message. */
async function parked({ activity, clock }: MessagingWorld): Promise<void> {
  while (activity.count > 0 || clock.nextTimer === undefined) await new Promise((resolve) => setImmediate(resolve));
}

test("a message is sent, received once and deleted", async () => {
  const { sqs } = await start();
  const QueueUrl = await createQueue(sqs, "incoming");
  const sent = await sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: "hello",
      MessageAttributes: { kind: { DataType: "String", StringValue: "greeting" } },
    }),
  );

  const [message, ...others] = await receive(sqs, QueueUrl);
  expect(message).toMatchObject({ MessageId: sent.MessageId, Body: "hello" });
  expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: "1", SenderId: "000000000000" });
  expect(others).toEqual([]);
  expect(await receive(sqs, QueueUrl)).toEqual([]);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  expect(Attributes).toMatchObject({
    QueueArn: "arn:aws:sqs:us-east-1:000000000000:incoming",
    ApproximateNumberOfMessages: "0",
    ApproximateNumberOfMessagesNotVisible: "0",
    VisibilityTimeout: "30",
  });
});

test("attributes are set, and resource times are world time", async () => {
  const { sqs, clock, time } = await start();
  const created = clock.now();
  const QueueUrl = await createQueue(sqs, "incoming", { VisibilityTimeout: "5" });
  await time.advance(60_000);
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: "3" } }));

  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  expect(Attributes).toMatchObject({
    VisibilityTimeout: "5",
    DelaySeconds: "3",
    CreatedTimestamp: String(Math.floor(created / 1000)),
    LastModifiedTimestamp: String(Math.floor((created + 60_000) / 1000)),
  });
});

test("batches are sent and deleted, and a queue is purged", async () => {
  const { sqs } = await start();
  const QueueUrl = await createQueue(sqs, "incoming");
  const Entries = ["a", "b", "c"].map((Id) => ({ Id, MessageBody: Id }));
  const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  expect(sent.Successful?.map(({ Id }) => Id)).toEqual(["a", "b", "c"]);

  const received = await receive(sqs, QueueUrl);
  expect(received.map(({ Body }) => Body)).toEqual(["a", "b", "c"]);
  const handles = received.slice(0, 2).map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));
  expect(await counts(sqs, QueueUrl)).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  expect(await counts(sqs, QueueUrl)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test("a queue that does not exist is the SDK's own exception, and a deleted one is gone", async () => {
  const { sqs, events } = await start();
  const missing = new GetQueueUrlCommand({ QueueName: "nowhere" });
  await expect(sqs.send(missing)).rejects.toThrow(QueueDoesNotExist);
  await expect(sqs.send(missing)).rejects.toThrow("The specified queue does not exist.");

  const QueueUrl = await createQueue(sqs, "incoming");
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  await expect(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }))).rejects.toThrow(QueueDoesNotExist);
  expect(events.map((event) => event.type === "call.failed" && `${event.operation} ${event.code}`)).toEqual([
    "GetQueueUrl QueueDoesNotExist",
    "GetQueueUrl QueueDoesNotExist",
    "SendMessage QueueDoesNotExist",
  ]);
});

test("a delayed message shows at its time, to the millisecond", async () => {
  const { sqs, time } = await start();
  const QueueUrl = await createQueue(sqs, "incoming");
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "later", DelaySeconds: 10 }));

  expect(await time.idle(1000)).toMatchObject({
    state: "sleeping",
    nextTimer: { label: "delay of a message in incoming", inMs: 10_000 },
  });
  await time.advance(9_999);
  expect(await receive(sqs, QueueUrl)).toEqual([]);
  await time.advance(1);
  expect(await receive(sqs, QueueUrl)).toMatchObject([{ Body: "later" }]);
});

test("a message that is not deleted comes back after its visibility time-out, which can be changed", async () => {
  const { sqs, time } = await start();
  const QueueUrl = await createQueue(sqs, "incoming", { VisibilityTimeout: "20" });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "again" }));

  await receive(sqs, QueueUrl);
  await time.advance(19_999);
  expect(await counts(sqs, QueueUrl)).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  await time.advance(1);
  expect(await counts(sqs, QueueUrl)).toEqual({ visible: 1, inFlight: 0, delayed: 0 });

  const [second] = await receive(sqs, QueueUrl);
  expect(second?.Attributes?.["ApproximateReceiveCount"]).toBe("2");
  const ReceiptHandle = second?.ReceiptHandle;
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 100 }));
  expect(await time.idle(1000)).toMatchObject({ state: "sleeping", nextTimer: { inMs: 100_000 } });
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  expect(await time.idle(1000)).toEqual({ state: "idle" });
  const [third] = await receive(sqs, QueueUrl);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: third?.ReceiptHandle }));
  expect(await time.idle(1000)).toEqual({ state: "idle" });
});

test("a message that was received too often is moved to the dead-letter queue", async () => {
  const { sqs, time } = await start();
  const deadLetters = await createQueue(sqs, "dead-letters");
  const QueueUrl = await createQueue(sqs, "incoming", {
    VisibilityTimeout: "1",
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: "arn:aws:sqs:us-east-1:000000000000:dead-letters",
      maxReceiveCount: 2,
    }),
  });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "poison" }));

  for (const expected of [1, 1, 0]) {
    expect(await receive(sqs, QueueUrl)).toHaveLength(expected);
    await time.advance(1000);
  }
  expect(await receive(sqs, deadLetters)).toMatchObject([{ Body: "poison" }]);
});

test("a long poll is parked, and answered by a message that arrives", async () => {
  const world = await start();
  const QueueUrl = await createQueue(world.sqs, "incoming");
  const poll = receive(world.sqs, QueueUrl, { WaitTimeSeconds: 20 });
  await parked(world);
  expect(await world.time.idle(1000)).toEqual({ state: "idle" });

  await world.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "awaited" }));
  expect(await poll).toMatchObject([{ Body: "awaited" }]);
});

test("of two polls the one that got nothing waits on, until its own time is over", async () => {
  const world = await start();
  const QueueUrl = await createQueue(world.sqs, "incoming");
  const polls = [receive(world.sqs, QueueUrl, { WaitTimeSeconds: 20 })];
  await parked(world);
  await world.time.advance(7_000);
  polls.push(receive(world.sqs, QueueUrl, { WaitTimeSeconds: 20 }));
  const first = Promise.race(polls);
  while (world.activity.count > 0 || (await world.messaging.peekQueue("us-east-1", "incoming")) === undefined) continue;
  await world.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "one" }));
  expect(await first).toHaveLength(1);
});

async function counts(sqs: SQSClient, QueueUrl: string) {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  return {
    visible: Number(Attributes?.["ApproximateNumberOfMessages"]),
    inFlight: Number(Attributes?.["ApproximateNumberOfMessagesNotVisible"]),
    delayed: Number(Attributes?.["ApproximateNumberOfMessagesDelayed"]),
  };
}
void ListQueuesCommand;
