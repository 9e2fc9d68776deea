import { CreateBucketCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { bodies, createQueue, parkedPoll, receive, send, startOrders } from "./queues.ts";

test("two worlds do not see each other, and each has its own time", async () => {
  const { server, sqs, time } = await startOrders();
  const other = server.world("billing");
  const otherSqs = server.sqs("billing");
  const [url, otherUrl] = await Promise.all([createQueue(sqs, "incoming"), createQueue(otherSqs, "incoming")]);
  expect(otherUrl).toBe(`${server.origin}/_world/billing/000000000000/incoming`);

  // The two clients send to the same origin and path: only the QueueUrl tells the worlds apart.
  const delayed = { DelaySeconds: 10 };
  await Promise.all([send(sqs, url, "order", delayed), send(otherSqs, otherUrl, "bill", delayed)]);
  await time.advance(10_000);
  expect(await bodies(receive(sqs, url))).toEqual(["order"]);
  expect(await bodies(receive(otherSqs, otherUrl))).toEqual([]);
  await other.time.advance(10_000);
  expect(await bodies(receive(otherSqs, otherUrl))).toEqual(["bill"]);
});

test("a world that is closed answers its polls, and has no timers", async () => {
  const world = await startOrders();
  const url = await createQueue(world.sqs, "incoming");
  const busy = await createQueue(world.sqs, "busy");
  await send(world.sqs, busy, "later", { DelaySeconds: 60 });
  const { poll } = await parkedPoll(world, url);

  world.messaging.close();
  expect(await bodies(poll)).toEqual([]);
  expect(world.clock.nextTimer).toBeUndefined();
});

test("peeking shows what a queue holds, and in which state, and changes nothing", async () => {
  const { messaging, sqs } = await startOrders();
  expect(messaging.peekQueue("us-east-1", "incoming")).toBeUndefined();
  const url = await createQueue(sqs, "incoming");
  await send(sqs, url, "taken");
  await receive(sqs, url);
  await send(sqs, url, "waiting");
  await send(sqs, url, "later", { DelaySeconds: 9 });

  const expected = {
    queueName: "incoming",
    messages: [
      { body: "waiting", state: "visible", receiveCount: 0 },
      { body: "taken", state: "inFlight", receiveCount: 1 },
      { body: "later", state: "delayed", receiveCount: 0 },
    ],
  };
  expect(messaging.peekQueue("us-east-1", "incoming")).toMatchObject(expected);
  expect(messaging.peekQueue("us-east-1", "incoming")).toMatchObject(expected);
  expect(messaging.peekQueue("eu-central-1", "incoming")).toBeUndefined();
});

test("changes of a queue are told once a step, when they are in effect", async () => {
  const { messaging, sqs, time } = await startOrders();
  const url = await createQueue(sqs, "incoming");
  const seen: string[] = [];
  const stop = messaging.onQueueChanged((region, name) => {
    const states = messaging.peekQueue(region, name)?.messages.map(({ state }) => state);
    seen.push(`${region} ${name}: ${String(states)}`);
  });
  await send(sqs, url, "hello", { DelaySeconds: 1 });
  await time.advance(1000);
  await receive(sqs, url);
  stop();
  await time.advance(30_000);
  expect(seen).toEqual(["delayed", "visible", "inFlight"].map((state) => `us-east-1 incoming: ${state}`));
});

test("failure reports go to a queue, a topic or a bucket by ARN, as activity", async () => {
  const { messaging, server, sqs, activity } = await startOrders();
  const url = await createQueue(sqs, "failures");
  const sns = server.sns("orders");
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "failures" }));
  const Endpoint = "arn:aws:sqs:us-east-1:000000000000:failures";
  await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes: { RawMessageDelivery: "true" } }),
  );
  const s3 = server.s3("orders");
  await s3.send(new CreateBucketCommand({ Bucket: "failures" }));

  const sent = messaging.failureDestination(Endpoint)?.send('{"to":"queue"}');
  expect(activity.busy()).toEqual([{ label: `report to ${Endpoint}`, count: 1 }]);
  await sent;
  expect(activity.count).toBe(0);
  await messaging.failureDestination(TopicArn)?.send('{"to":"topic"}', { subject: "a failure" });
  expect(await bodies(receive(sqs, url))).toEqual(['{"to":"queue"}', '{"to":"topic"}']);
  await messaging.failureDestination("arn:aws:s3:::failures")?.send('{"to":"bucket"}', { key: "aws/lambda/x" });
  const object = await s3.send(new GetObjectCommand({ Bucket: "failures", Key: "aws/lambda/x" }));
  expect(await object.Body?.transformToString()).toBe('{"to":"bucket"}');
});

test.each([
  ["arn:aws:sqs:us-east-1:000000000000:gone", "QueueDoesNotExist", "The specified queue does not exist."],
  ["arn:aws:sns:us-east-1:000000000000:gone", "NotFound", "Topic does not exist"],
  ["arn:aws:s3:::gone-bucket", "NoSuchBucket", "The specified bucket does not exist: gone-bucket"],
])("a failure report to %s is refused as the service does", async (arn, code, message) => {
  const { messaging, activity } = await startOrders();
  await expect(messaging.failureDestination(arn)?.send("{}", { key: "k" })).rejects.toMatchObject({ code, message });
  expect(activity.count).toBe(0);
});

test("other ARNs are no destinations", async () => {
  const { messaging } = await startOrders();
  expect(messaging.failureDestination("arn:aws:lambda:us-east-1:000000000000:function:f")).toBeUndefined();
  expect(messaging.failureDestination("no ARN")).toBeUndefined();
});
