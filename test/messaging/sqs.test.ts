import {
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  QueueDoesNotExist,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { bodies, counts, createQueue, receive, send, startOrders } from "./queues.ts";

test("a message is sent, received once and deleted", async () => {
  const { sqs } = await startOrders();
  const QueueUrl = await createQueue(sqs, "incoming");
  const sent = await sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: "hello",
      MessageAttributes: { kind: { DataType: "String", StringValue: "greeting" } },
    }),
  );

  expect(sent.$metadata.requestId).toBe("test-request");
  const [message, ...others] = await receive(sqs, QueueUrl, { MessageAttributeNames: ["All"] });
  expect(message).toMatchObject({ MessageId: sent.MessageId, Body: "hello" });
  expect(message?.MessageAttributes).toEqual({ kind: { DataType: "String", StringValue: "greeting" } });
  expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: "1", SenderId: "000000000000" });
  expect(others).toEqual([]);
  expect(await receive(sqs, QueueUrl)).toEqual([]);

  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
  expect(await counts(sqs, QueueUrl)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});

test("attributes are set, and a queue's times are world time", async () => {
  const { sqs, clock, time } = await startOrders();
  const created = clock.now();
  const QueueUrl = await createQueue(sqs, "incoming", { VisibilityTimeout: "5" });
  await time.advance(60_000);
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: "3" } }));

  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  expect(Attributes).toMatchObject({
    QueueArn: "arn:aws:sqs:us-east-1:000000000000:incoming",
    VisibilityTimeout: "5",
    DelaySeconds: "3",
    CreatedTimestamp: String(Math.floor(created / 1000)),
    LastModifiedTimestamp: String(Math.floor((created + 60_000) / 1000)),
  });
});

test("batches are sent and deleted, and a queue is purged", async () => {
  const { sqs } = await startOrders();
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

test("a queue that does not exist is the SDK's own exception, and so is a deleted one", async () => {
  const { sqs, events } = await startOrders();
  const missing = sqs.send(new GetQueueUrlCommand({ QueueName: "nowhere" }));
  await expect(missing).rejects.toThrow(QueueDoesNotExist);
  await expect(missing).rejects.toThrow("The specified queue does not exist.");

  const QueueUrl = await createQueue(sqs, "incoming");
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  await expect(send(sqs, QueueUrl, "too late")).rejects.toThrow(QueueDoesNotExist);
  const message = "The specified queue does not exist.";
  expect(events).toEqual([
    { type: "call.failed", service: "sqs", operation: "GetQueueUrl", code: "QueueDoesNotExist", message },
    { type: "call.failed", service: "sqs", operation: "SendMessage", code: "QueueDoesNotExist", message },
  ]);
});

test("queue URLs stand under the origin and prefix of whoever asks, and any of them is understood", async () => {
  const { sqs, server } = await startOrders();
  const QueueUrl = await createQueue(sqs, "incoming");
  expect(QueueUrl).toBe(`${server.origin}/_world/orders/000000000000/incoming`);
  expect((await sqs.send(new GetQueueUrlCommand({ QueueName: "incoming" }))).QueueUrl).toBe(QueueUrl);
  await createQueue(sqs, "outgoing");
  const urls = (await sqs.send(new ListQueuesCommand({}))).QueueUrls;
  expect(urls).toEqual([QueueUrl, `${server.origin}/_world/orders/000000000000/outgoing`]);

  // The SDK takes the origin from the URL, so a foreign one must come with a client that does not.
  const pinned = server.sqs("orders", { useQueueUrlAsEndpoint: false });
  await send(pinned, "http://localhost:4566/000000000000/incoming", "from elsewhere");
  await send(pinned, "https://sqs.us-east-1.amazonaws.com/000000000000/incoming", "from AWS");
  expect(await bodies(receive(sqs, QueueUrl))).toEqual(["from elsewhere", "from AWS"]);
});

test("a body that looks like a queue URL is left alone", async () => {
  const { sqs } = await startOrders();
  const QueueUrl = await createQueue(sqs, "incoming");
  const body = JSON.stringify({ QueueUrl: "http://sqs.us-east-1.localhost/000000000000/incoming" });
  await send(sqs, QueueUrl, body);
  expect(await bodies(receive(sqs, QueueUrl))).toEqual([body]);
});

test("queues belong to a region", async () => {
  const { sqs, server } = await startOrders();
  const frankfurt = server.sqs("orders", { region: "eu-central-1" });
  const url = await createQueue(sqs, "incoming");
  await createQueue(frankfurt, "incoming");
  await send(sqs, url, "hello");

  expect(await receive(frankfurt, url)).toEqual([]);
  expect(await bodies(receive(sqs, url))).toEqual(["hello"]);
  expect((await frankfurt.send(new ListQueuesCommand({}))).QueueUrls).toHaveLength(1);
});

test("the query protocol is refused by a message that says what to do", async () => {
  const { messaging } = await startOrders();
  const reply = await messaging.handle(
    "sqs",
    { method: "POST", url: "/", headers: {}, body: Buffer.from("Action=ListQueues&Version=2012-11-05") },
    { origin: "http://127.0.0.1", region: "us-east-1", requestId: "1", signal: new AbortController().signal },
  );
  expect(reply).toMatchObject({ status: 400, body: expect.stringContaining("JSON protocol only") });
});
