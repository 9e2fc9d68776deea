import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { startKept } from "./kept.ts";
import { bodies, createQueue, receive } from "./queues.ts";

test("buckets and objects are there again, with what was said of them", async () => {
  const { s3, world, restart } = await startKept();
  const Bucket = "reports";
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new CreateBucketCommand({ Bucket: "gone" }));
  await s3.send(new DeleteBucketCommand({ Bucket: "gone" }));
  const Body = Buffer.from([0, 1, 2, 255]);
  const told = { ContentType: "image/x", CacheControl: "no-store", Metadata: { origin: "Zürich" } };
  await s3.send(new PutObjectCommand({ Bucket, Key: "a/b c.bin", Body: "first" }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a/b c.bin", Body, ChecksumAlgorithm: "SHA256", ...told }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "deleted", Body: "x" }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "deleted" }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "empty", Body: Buffer.alloc(0) }));
  const { Buckets: before } = await s3.send(new ListBucketsCommand({}));
  const { Contents: listed } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const get = { Bucket, Key: "a/b c.bin", ChecksumMode: "ENABLED" as const };
  const { Body: _, $metadata: __, ...head } = await s3.send(new GetObjectCommand(get));
  expect(world.messaging.peekBucket(Bucket)?.objects.map(({ size }) => size)).toEqual([4, 0]);

  const { messaging } = await restart();
  expect(messaging.peekBucket(Bucket)?.objects.map(({ key, size }) => [key, size])).toEqual([
    ["a/b c.bin", 4],
    ["empty", 0],
  ]);
  expect((await s3.send(new ListBucketsCommand({}))).Buckets).toEqual(before);
  expect((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents).toEqual(listed);
  const found = await s3.send(new GetObjectCommand(get));
  expect(found).toMatchObject({ ...head, ...told });
  expect(Buffer.from((await found.Body?.transformToByteArray()) ?? [])).toEqual(Body);
});

test("an upload in parts is kept once it is complete, and lifecycles as well", async () => {
  const { s3, restart } = await startKept();
  const object = { Bucket: "reports", Key: "large" };
  await s3.send(new CreateBucketCommand({ Bucket: object.Bucket }));
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(object));
  const part = { ...object, UploadId, PartNumber: 1 };
  const { ETag } = await s3.send(new UploadPartCommand({ ...part, Body: "the only part" }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  const done = await s3.send(new CompleteMultipartUploadCommand({ ...object, UploadId, MultipartUpload }));
  const Rules = [{ ID: "week", Status: "Enabled" as const, Filter: { Prefix: "" }, Expiration: { Days: 7 } }];
  const lifecycle = { Bucket: object.Bucket, LifecycleConfiguration: { Rules } };
  await s3.send(new PutBucketLifecycleConfigurationCommand(lifecycle));
  const unfinished = await s3.send(new CreateMultipartUploadCommand({ ...object, Key: "unfinished" }));

  await restart();
  const found = await s3.send(new GetObjectCommand(object));
  expect(found.ETag).toBe(done.ETag);
  expect(await found.Body?.transformToString()).toBe("the only part");
  const kept = await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: object.Bucket }));
  expect(kept.Rules).toMatchObject(Rules);
  const late = { ...object, Key: "unfinished", UploadId: unfinished.UploadId, PartNumber: 1, Body: "x" };
  await expect(s3.send(new UploadPartCommand(late))).rejects.toMatchObject({ name: "NoSuchUpload" });
});

test("buckets go on telling of their objects", async () => {
  const { s3, sqs, restart } = await startKept();
  const Bucket = "reports";
  const url = await createQueue(sqs, "told");
  await s3.send(new CreateBucketCommand({ Bucket }));
  const Filter = { Key: { FilterRules: [{ Name: "prefix" as const, Value: "in/" }] } };
  const QueueArn = "arn:aws:sqs:us-east-1:000000000000:told";
  const QueueConfigurations = [{ QueueArn, Events: ["s3:ObjectCreated:*" as const], Filter }];
  const NotificationConfiguration = { QueueConfigurations };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  expect(await bodies(receive(sqs, url))).toEqual([expect.stringContaining("s3:TestEvent")]);

  await restart();
  for (const Key of ["in/1", "out/1"]) await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
  const [event = "", ...more] = await bodies(receive(sqs, url));
  expect(JSON.parse(event).Records).toMatchObject([
    { eventName: "ObjectCreated:Put", s3: { object: { key: "in/1" } } },
  ]);
  expect(more).toEqual([]);
});

test("topics and subscriptions are there again, and deliver", async () => {
  const { sns, sqs, restart } = await startKept();
  const urls = await Promise.all(["raw", "left"].map((name) => createQueue(sqs, name)));
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "events" }));
  const { TopicArn: gone } = await sns.send(new CreateTopicCommand({ Name: "gone" }));
  await sns.send(new DeleteTopicCommand({ TopicArn: gone }));
  await sns.send(new CreateTopicCommand({ Name: "events", Tags: [{ Key: "team", Value: "orders" }] }));
  await sns.send(new TagResourceCommand({ ResourceArn: TopicArn, Tags: [{ Key: "stage", Value: "test" }] }));
  const name = { AttributeName: "DisplayName", AttributeValue: "Events" };
  await sns.send(new SetTopicAttributesCommand({ TopicArn, ...name }));
  const [raw = "", left] = await Promise.all(
    ["raw", "left"].map(async (queue) => {
      const Endpoint = `arn:aws:sqs:us-east-1:000000000000:${queue}`;
      return (await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }))).SubscriptionArn;
    }),
  );
  const rawDelivery = { AttributeName: "RawMessageDelivery", AttributeValue: "true" };
  await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: raw, ...rawDelivery }));
  const filter = { AttributeName: "FilterPolicy", AttributeValue: JSON.stringify({ kind: ["order"] }) };
  await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: raw, ...filter }));
  await sns.send(new UnsubscribeCommand({ SubscriptionArn: left }));
  const described = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: raw }));

  const { messaging } = await restart();
  expect(messaging.peekTopic("us-east-1", "events")).toMatchObject({ subscriptions: [{ protocol: "sqs" }] });
  expect((await sns.send(new ListTopicsCommand({}))).Topics).toEqual([{ TopicArn }]);
  expect((await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags).toEqual([
    { Key: "team", Value: "orders" },
    { Key: "stage", Value: "test" },
  ]);
  const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(Attributes).toMatchObject({ DisplayName: "Events" });
  const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  expect(Subscriptions).toMatchObject([{ SubscriptionArn: raw }]);
  const again = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: raw }));
  expect(again.Attributes).toEqual(described.Attributes);
  for (const kind of ["order", "noise"]) {
    const MessageAttributes = { kind: { DataType: "String", StringValue: kind } };
    await sns.send(new PublishCommand({ TopicArn, Message: `an ${kind}`, MessageAttributes }));
  }
  expect(await Promise.all(urls.map((url) => bodies(receive(sqs, url))))).toEqual([["an order"], []]);
});
