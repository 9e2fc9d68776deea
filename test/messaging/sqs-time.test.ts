import { ChangeMessageVisibilityCommand, DeleteMessageCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { bodies, counts, createQueue, parkedPoll, receive, send, startOrders } from "./queues.ts";

const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

test("a delayed message shows at its time, to the millisecond", async () => {
  const { sqs, time, clock } = await startOrders();
  const url = await createQueue(sqs, "incoming");
  await send(sqs, url, "later", { DelaySeconds: 10 });

  // Nobody in the world receives it, so nothing comes of it by itself.
  expect(await time.idle(1000)).toEqual({ state: "idle" });
  expect(clock.nextTimer?.label).toBe("delay of a message in incoming");
  await time.advance(9_999);
  expect(await receive(sqs, url)).toEqual([]);
  await time.advance(1);
  expect(await bodies(receive(sqs, url))).toEqual(["later"]);
});

test("a message that is not deleted comes back after its visibility time-out, which can be changed", async () => {
  const { sqs, time, clock } = await startOrders();
  const url = await createQueue(sqs, "incoming", { VisibilityTimeout: "20" });
  await send(sqs, url, "again");
  await receive(sqs, url);
  await time.advance(19_999);
  expect(await counts(sqs, url)).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  await time.advance(1);
  expect(await counts(sqs, url)).toEqual({ visible: 1, inFlight: 0, delayed: 0 });

  const [message] = await receive(sqs, url);
  expect(message?.Attributes?.ApproximateReceiveCount).toBe("2");
  const ofMessage = { QueueUrl: url, ReceiptHandle: message?.ReceiptHandle };
  await sqs.send(new ChangeMessageVisibilityCommand({ ...ofMessage, VisibilityTimeout: 100 }));
  expect(clock.nextTimer).toMatchObject({ kind: "housekeeping", at: clock.now() + 100_000 });
  await sqs.send(new ChangeMessageVisibilityCommand({ ...ofMessage, VisibilityTimeout: 0 }));
  expect(await counts(sqs, url)).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
});

test("nothing is left to wait for once a message is deleted", async () => {
  const { sqs, time, clock } = await startOrders();
  const url = await createQueue(sqs, "incoming");
  await send(sqs, url, "hello");
  const [message] = await receive(sqs, url);
  expect(clock.nextTimer?.label).toBe("visibility time-out of a message in incoming");
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }));
  expect(await time.idle(1000)).toEqual({ state: "idle" });
  expect(clock.nextTimer).toBeUndefined();
});

test("a message that was received too often is moved to the dead-letter queue", async () => {
  const { sqs, time } = await startOrders();
  const deadLetters = await createQueue(sqs, "dead-letters");
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn("dead-letters"), maxReceiveCount: 2 });
  const url = await createQueue(sqs, "incoming", { VisibilityTimeout: "1", RedrivePolicy });
  await send(sqs, url, "poison");

  for (const expected of [["poison"], ["poison"], []]) {
    expect(await bodies(receive(sqs, url))).toEqual(expected);
    await time.advance(1000);
  }
  expect(await bodies(receive(sqs, deadLetters))).toEqual(["poison"]);
});

test("a long poll does not keep the world busy, and is answered by a message that arrives", async () => {
  const world = await startOrders();
  const url = await createQueue(world.sqs, "incoming");
  const { poll } = await parkedPoll(world, url);
  expect(await world.time.idle(1000)).toEqual({ state: "idle" });
  await send(world.sqs, url, "awaited");
  expect(await bodies(poll)).toEqual(["awaited"]);
});

test.each([
  { what: "its wait is over", delay: 60, expected: [], advance: 20_000 },
  { what: "a delayed message is due", delay: 5, expected: ["delayed"], advance: 5_000 },
])("a long poll is answered at the moment when $what", async ({ delay, expected, advance }) => {
  const world = await startOrders();
  const url = await createQueue(world.sqs, "incoming");
  await send(world.sqs, url, "delayed", { DelaySeconds: delay });
  const { poll, call } = await parkedPoll(world, url);
  let isAnswered = false;
  void call.answered.then(() => (isAnswered = true));

  await world.time.advance(advance - 1);
  expect(isAnswered).toBe(false);
  await world.time.advance(1);
  expect(isAnswered).toBe(true);
  expect(await bodies(poll)).toEqual(expected);
});

test("of two polls for one message, the one that got nothing waits until its own time is over", async () => {
  const world = await startOrders();
  const url = await createQueue(world.sqs, "incoming");
  const first = await parkedPoll(world, url);
  await world.time.advance(7_000);
  const second = await parkedPoll(world, url);

  await send(world.sqs, url, "one");
  expect(await bodies(first.poll)).toEqual(["one"]);
  await world.time.idle(1000);
  expect(world.clock.nextTimer).toMatchObject({ kind: "housekeeping", at: world.clock.now() + 20_000 });
  await world.time.advance(20_000);
  expect(await bodies(second.poll)).toEqual([]);
});

test("a poll whose caller went away takes no message", async () => {
  const world = await startOrders();
  const url = await createQueue(world.sqs, "incoming");
  const caller = new AbortController();
  const { poll, call } = await parkedPoll(world, url, caller);
  caller.abort();
  await expect(poll).rejects.toThrow("Request aborted");
  await call.answered;
  await send(world.sqs, url, "for somebody else");
  expect(await counts(world.sqs, url)).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  expect(world.clock.nextTimer?.label).toBe("retention of messages in incoming");
});

test("a FIFO queue gives a group in order and locks it, also when it comes back", async () => {
  const { sqs, time } = await startOrders();
  const url = await createQueue(sqs, "orders.fifo", { VisibilityTimeout: "30", ContentBasedDeduplication: "true" });
  for (const body of ["a1", "a2", "a3"]) await send(sqs, url, body, { MessageGroupId: "a" });
  await send(sqs, url, "b1", { MessageGroupId: "b" });

  expect(await bodies(receive(sqs, url, { MaxNumberOfMessages: 2 }))).toEqual(["a1", "a2"]);
  expect(await bodies(receive(sqs, url))).toEqual(["b1"]);
  await time.advance(30_000);
  const [first, ...others] = await receive(sqs, url);
  expect([first, ...others].map((message) => message?.Body)).toEqual(["a1", "a2", "a3", "b1"]);
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
  await send(sqs, url, "a4", { MessageGroupId: "a" });
  expect(await receive(sqs, url)).toEqual([]);
});

test("what comes back in any order keeps its place in the group", async () => {
  const { sqs } = await startOrders();
  const url = await createQueue(sqs, "orders.fifo", { ContentBasedDeduplication: "true" });
  for (const body of ["a1", "a2", "a3"]) await send(sqs, url, body, { MessageGroupId: "a" });
  for (const message of await receive(sqs, url)) {
    const ofMessage = { QueueUrl: url, ReceiptHandle: message.ReceiptHandle };
    await sqs.send(new ChangeMessageVisibilityCommand({ ...ofMessage, VisibilityTimeout: 0 }));
  }
  expect(await bodies(receive(sqs, url))).toEqual(["a1", "a2", "a3"]);
});

test("a FIFO queue knows duplicates for five minutes of world time", async () => {
  const { sqs, time } = await startOrders();
  const url = await createQueue(sqs, "orders.fifo", { ContentBasedDeduplication: "true" });
  await send(sqs, url, "a", { MessageGroupId: "a" });
  await time.advance(299_999);
  await send(sqs, url, "a", { MessageGroupId: "a" });
  expect(await counts(sqs, url)).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  await time.advance(1);
  await send(sqs, url, "a", { MessageGroupId: "a" });
  expect(await counts(sqs, url)).toEqual({ visible: 2, inFlight: 0, delayed: 0 });
});

test("messages go when their retention period is over: visible, delayed, in flight and in groups", async () => {
  const { sqs, time, clock } = await startOrders();
  const retention = { MessageRetentionPeriod: "60" };
  const url = await createQueue(sqs, "incoming", retention);
  const fifo = await createQueue(sqs, "orders.fifo", { ...retention, ContentBasedDeduplication: "true" });
  await send(sqs, url, "taken");
  const [taken] = await receive(sqs, url, { VisibilityTimeout: 90 });
  await send(sqs, url, "visible");
  await send(sqs, url, "delayed", { DelaySeconds: 90 });
  for (const body of ["a1", "a2"]) await send(sqs, fifo, body, { MessageGroupId: "a" });
  await receive(sqs, fifo, { MaxNumberOfMessages: 1 });
  await time.advance(30_000);
  for (const queue of [url, fifo]) await send(sqs, queue, "younger", queue === fifo ? { MessageGroupId: "a" } : {});

  await time.advance(29_999);
  expect(await counts(sqs, url)).toEqual({ visible: 2, inFlight: 1, delayed: 1 });
  await time.advance(1);
  expect(await counts(sqs, url)).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: taken?.ReceiptHandle }));
  // Its group is no longer locked.
  expect(await bodies(receive(sqs, fifo))).toEqual(["younger"]);
  await time.advance(30_000);
  for (const queue of [url, fifo]) expect(await counts(sqs, queue)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  expect(clock.nextTimer).toBeUndefined();
});

test("a retention period that is shortened holds for what is in the queue", async () => {
  const { sqs, time } = await startOrders();
  const url = await createQueue(sqs, "incoming");
  await send(sqs, url, "old");
  await time.advance(61_000);
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { MessageRetentionPeriod: "60" } }));
  await time.advance(0);
  expect(await counts(sqs, url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
});
