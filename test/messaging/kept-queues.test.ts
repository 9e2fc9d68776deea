import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { startKept } from "./kept.ts";
import { bodies, counts, createQueue, receive, send } from "./queues.ts";

test("queues are there again, with their attributes and tags", async () => {
  const { sqs, restart } = await startKept();
  const url = await createQueue(sqs, "incoming", { VisibilityTimeout: "7" });
  await createQueue(sqs, "gone");
  await sqs.send(new TagQueueCommand({ QueueUrl: url, Tags: { team: "orders", old: "1" } }));
  await sqs.send(new UntagQueueCommand({ QueueUrl: url, TagKeys: ["old"] }));
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: "3" } }));
  await sqs.send(new CreateQueueCommand({ QueueName: "incoming", Attributes: { Policy: "{}" } }));
  await sqs.send(new DeleteQueueCommand({ QueueUrl: await createQueue(sqs, "gone") }));
  const all = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] });
  const { Attributes: before } = await sqs.send(all);

  await restart();
  expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([url]);
  const { Attributes } = await sqs.send(all);
  expect(Attributes).toEqual(before);
  expect(Attributes).toMatchObject({ VisibilityTimeout: "7", DelaySeconds: "3", Policy: "{}" });
  expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags).toEqual({ team: "orders" });
});

test("messages are there again in their states: visible, in flight and delayed", async () => {
  const { sqs, restart } = await startKept();
  const url = await createQueue(sqs, "incoming");
  const MessageAttributes = {
    kind: { DataType: "String", StringValue: "order" },
    raw: { DataType: "Binary", BinaryValue: Buffer.from([0, 255]) },
  };
  await send(sqs, url, "taken", { MessageAttributes });
  const [taken] = await receive(sqs, url, { VisibilityTimeout: 30, MessageAttributeNames: ["All"] });
  await send(sqs, url, "given back");
  const [back] = await receive(sqs, url);
  const given = { QueueUrl: url, ReceiptHandle: back?.ReceiptHandle };
  await sqs.send(new ChangeMessageVisibilityCommand({ ...given, VisibilityTimeout: 0 }));
  await send(sqs, url, "waiting");
  await send(sqs, url, "later", { DelaySeconds: 20 });

  const { messaging, time, clock } = await restart();
  // Without a call.
  expect(messaging.peekQueue("us-east-1", "incoming")?.messages).toMatchObject([
    { body: "given back", state: "visible", receiveCount: 1 },
    { body: "waiting", state: "visible", receiveCount: 0 },
    { body: "taken", state: "inFlight", receiveCount: 1 },
    { body: "later", state: "delayed" },
  ]);
  expect(clock.nextTimer?.label).toBe("delay of a message in incoming");
  const [again, ...others] = await receive(sqs, url);
  expect(again?.Attributes?.ApproximateReceiveCount).toBe("2");
  expect(others.map(({ Body }) => Body)).toEqual(["waiting"]);
  await time.advance(20_000);
  expect(await bodies(receive(sqs, url))).toEqual(["later"]);
  await time.advance(10_000);
  const [late] = await receive(sqs, url, { MessageAttributeNames: ["All"] });
  const { ReceiptHandle: _, Attributes: attributes, ...rest } = late ?? {};
  expect(taken).toMatchObject(rest);
  expect(attributes).toEqual({ ...taken?.Attributes, ApproximateReceiveCount: "2" });
});

test("a message can be deleted with the handle that it was received with before, as long as it is in flight", async () => {
  const { sqs, restart } = await startKept();
  const url = await createQueue(sqs, "incoming");
  await send(sqs, url, "one");
  await send(sqs, url, "two");
  const [one] = await receive(sqs, url, { MaxNumberOfMessages: 1, VisibilityTimeout: 5 });
  const [two] = await receive(sqs, url, { VisibilityTimeout: 60 });
  await sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: one?.ReceiptHandle, VisibilityTimeout: 90 }),
  );

  const { time } = await restart();
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: two?.ReceiptHandle }));
  await time.advance(60_000);
  expect(await counts(sqs, url)).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  await restart();
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: one?.ReceiptHandle }));
  await restart();
  expect(await counts(sqs, url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test("messages that were purged, and those of a deleted queue, do not come back", async () => {
  const { sqs, restart } = await startKept();
  const purged = await createQueue(sqs, "purged");
  const made = await createQueue(sqs, "made-twice");
  for (const url of [purged, made]) await send(sqs, url, "before");
  await sqs.send(new PurgeQueueCommand({ QueueUrl: purged }));
  await sqs.send(new DeleteQueueCommand({ QueueUrl: made }));
  await createQueue(sqs, "made-twice");
  for (const url of [purged, made]) await send(sqs, url, "after");

  await restart();
  for (const url of [purged, made]) expect(await bodies(receive(sqs, url))).toEqual(["after"]);
});

test("a retention period goes on after a restart", async () => {
  const { sqs, restart } = await startKept();
  const url = await createQueue(sqs, "incoming", { MessageRetentionPeriod: "60" });
  await send(sqs, url, "old");

  const { time } = await restart();
  expect(await counts(sqs, url)).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  await time.advance(60_000);
  expect(await counts(sqs, url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  await restart();
  expect(await counts(sqs, url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test("a dead letter is in its queue alone, with its count and its trace", async () => {
  const { sqs, world, restart } = await startKept();
  const deadLetters = await createQueue(sqs, "dead-letters");
  const deadLetterTargetArn = "arn:aws:sqs:us-east-1:000000000000:dead-letters";
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
  const url = await createQueue(sqs, "incoming", { VisibilityTimeout: "1", RedrivePolicy });
  const traceHeader = "Root=1-5759e988-bd862e3fe1be46a994272793";
  await world.messaging
    .failureDestination("arn:aws:sqs:us-east-1:000000000000:incoming")
    ?.send("poison", { traceHeader });
  await receive(sqs, url);
  await world.time.advance(1000);
  expect(await receive(sqs, url)).toEqual([]);

  const { messaging } = await restart();
  expect(await counts(sqs, url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  const queue = await messaging.openQueue(deadLetterTargetArn);
  expect(queue?.receive(10)).toMatchObject({ messages: [{ body: "poison", receiveCount: 3, traceHeader }] });
  expect(await counts(sqs, deadLetters)).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
});

test("a FIFO queue keeps its order, its locks, what it refuses twice and its sequence", async () => {
  const { sqs, world, restart } = await startKept();
  const url = await createQueue(sqs, "orders.fifo", { VisibilityTimeout: "30" });
  const sendIn = (group: string, body: string) =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: body,
        MessageGroupId: group,
        MessageDeduplicationId: body,
      }),
    );
  for (const body of ["a1", "a2", "a3"]) await sendIn("a", body);
  const { SequenceNumber: last = "" } = await sendIn("b", "b1");
  await receive(sqs, url, { MaxNumberOfMessages: 1 });
  const [b1] = (await receive(sqs, url)).filter(({ Body }) => Body === "b1");
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: b1?.ReceiptHandle }));

  const { time, clock } = await restart();
  const since = clock.now() - world.clock.now();
  // The group of the first is locked by it.
  expect(await receive(sqs, url)).toEqual([]);
  expect((await sendIn("b", "b1")).SequenceNumber).toBe(last);
  expect(await receive(sqs, url)).toEqual([]);
  expect(Number((await sendIn("b", "b2")).SequenceNumber)).toBe(Number(last) + 1);
  expect(await bodies(receive(sqs, url, { VisibilityTimeout: 600 }))).toEqual(["b2"]);
  await time.advance(30_000);
  expect(await bodies(receive(sqs, url, { VisibilityTimeout: 600 }))).toEqual(["a1", "a2", "a3"]);

  // Five minutes are counted from when the message was sent, not from the restart.
  await time.advance(5 * 60_000 - 30_000 - since - 1);
  expect((await sendIn("c", "b1")).SequenceNumber).toBe(last);
  await time.advance(1);
  expect((await sendIn("c", "b1")).SequenceNumber).not.toBe(last);
});
