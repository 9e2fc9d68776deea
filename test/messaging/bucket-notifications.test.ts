import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { Event, FilterRule, NotificationConfiguration } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, test } from "vitest";
import { arnOf, awsError, createFunction } from "../lambda/lambda-api.ts";
import { notifiedWorlds } from "./notified-world.ts";

const worlds = notifiedWorlds();
const Bucket = "files";

beforeEach(async () => {
  await worlds.current.emu.createBucket(Bucket);
  await createFunction(worlds.current.lambda, "handler");
});

const configure = (NotificationConfiguration: NotificationConfiguration) =>
  worlds.current.s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
const read = () => worlds.current.s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
const toFunction = (Events: Event[], FilterRules?: FilterRule[], Id = "to-handler"): NotificationConfiguration => ({
  LambdaFunctionConfigurations: [
    { Id, LambdaFunctionArn: arnOf("handler"), Events, ...(FilterRules && { Filter: { Key: { FilterRules } } }) },
  ],
});
const put = (Key: string, Body = "content") => worlds.current.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const events = async () => {
  const { emu } = worlds.current;
  await emu.idle();
  return (await emu.function("handler").invocations()).map(({ event }) => event);
};
const eventNames = async () =>
  (await events()).map((event) => JSON.stringify(event).match(/"eventName":"([^"]*)"/)?.[1]);

describe("a function", () => {
  test("gets AWS's event of an object that is put", async () => {
    await configure(toFunction(["s3:ObjectCreated:*"]));
    const { ETag, $metadata } = await put("a dir/ü+1.json");
    expect(await events()).toEqual([
      {
        Records: [
          {
            eventVersion: "2.1",
            eventSource: "aws:s3",
            awsRegion: "us-east-1",
            eventTime: "2100-07-01T09:30:15.250Z",
            eventName: "ObjectCreated:Put",
            userIdentity: { principalId: "AWS:000000000000" },
            requestParameters: { sourceIPAddress: "127.0.0.1" },
            responseElements: { "x-amz-request-id": $metadata.requestId, "x-amz-id-2": expect.any(String) },
            s3: {
              s3SchemaVersion: "1.0",
              configurationId: "to-handler",
              bucket: {
                name: Bucket,
                ownerIdentity: { principalId: "000000000000" },
                arn: "arn:aws:s3:::files",
              },
              object: {
                key: "a+dir/%C3%BC%2B1.json",
                size: 7,
                eTag: ETag?.replaceAll('"', ""),
                sequencer: expect.stringMatching(/^[\dA-F]{18}$/),
              },
            },
          },
        ],
      },
    ]);
  });

  test("is told by what an object came and went", async () => {
    const { s3 } = worlds.current;
    await configure(toFunction(["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]));
    await put("one");
    await s3.send(new CopyObjectCommand({ Bucket, Key: "two", CopySource: `${Bucket}/one` }));
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "three" }));
    const { ETag } = await s3.send(
      new UploadPartCommand({ Bucket, Key: "three", UploadId, PartNumber: 1, Body: "part" }),
    );
    await s3.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key: "three",
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
      }),
    );
    const form = new FormData();
    form.set("key", "four");
    form.set("file", new Blob(["form"]));
    const posted = await fetch(`${worlds.current.emu.endpoint}/${Bucket}`, {
      method: "POST",
      body: form,
      headers: { authorization: "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/s3/aws4_request" },
    });
    expect(posted.status).toBe(204);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: "one" }));
    await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "two" }, { Key: "three" }] } }));
    const names = await eventNames();
    expect(names).toHaveLength(7);
    expect(new Set(names)).toEqual(
      new Set([
        "ObjectCreated:Put",
        "ObjectCreated:Copy",
        "ObjectCreated:CompleteMultipartUpload",
        "ObjectCreated:Post",
        "ObjectRemoved:Delete",
      ]),
    );
  });

  test("gets what its filter and its types let pass", async () => {
    const rules = [
      { Name: "prefix", Value: "in/" },
      { Name: "suffix", Value: ".json" },
    ] satisfies FilterRule[];
    await configure(toFunction(["s3:ObjectCreated:Put"], rules));
    for (const key of ["in/a.json", "in/a.txt", "out/a.json", "in/b.json"]) await put(key);
    await worlds.current.s3.send(
      new CopyObjectCommand({ Bucket, Key: "in/c.json", CopySource: `${Bucket}/in/a.json` }),
    );
    await worlds.current.s3.send(new DeleteObjectCommand({ Bucket, Key: "in/a.json" }));
    expect(await events()).toMatchObject([
      { Records: [{ s3: { object: { key: "in/a.json" } } }] },
      { Records: [{ s3: { object: { key: "in/b.json" } } }] },
    ]);
  });
});

test("queues and topics get a test event, and then what happens", async () => {
  const { emu } = worlds.current;
  const [queue, topic] = [await emu.createQueue("files"), await emu.createTopic("files")];
  await configure({
    QueueConfigurations: [{ Id: "q", QueueArn: queue.arn, Events: ["s3:ObjectCreated:*"] }],
    TopicConfigurations: [{ Id: "t", TopicArn: topic.arn, Events: ["s3:ObjectRemoved:Delete"] }],
  });
  await put("a");
  await worlds.current.s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
  const told = {
    Service: "Amazon S3",
    Event: "s3:TestEvent",
    Time: "2100-07-01T09:30:15.250Z",
    Bucket,
    RequestId: expect.any(String),
    HostId: expect.any(String),
  };
  const bodies = (await queue.messages()).map(({ body }) => JSON.parse(body));
  expect(bodies).toEqual([told, { Records: [expect.objectContaining({ eventName: "ObjectCreated:Put" })] }]);
  const [first, second] = await topic.messages();
  expect(first).toMatchObject({ subject: "Amazon S3 Notification", data: told });
  expect(second).toMatchObject({
    subject: "Amazon S3 Notification",
    data: {
      Records: [{ eventName: "ObjectRemoved:Delete", s3: { object: { key: "a", sequencer: expect.any(String) } } }],
    },
  });
});

describe("a configuration", () => {
  test("is told as it was given, replaced as a whole, and goes with its bucket", async () => {
    const { emu, s3 } = worlds.current;
    const queue = await emu.createQueue("files");
    expect((await read()).LambdaFunctionConfigurations).toBeUndefined();
    const QueueConfigurations = [{ QueueArn: queue.arn, Events: ["s3:ObjectRemoved:*" as const] }];
    const { LambdaFunctionConfigurations } = toFunction(
      ["s3:ObjectCreated:Put", "s3:ObjectCreated:Copy"],
      [{ Name: "suffix", Value: "<&>.json" }],
    );
    await configure({ LambdaFunctionConfigurations, QueueConfigurations });
    const { $metadata: _, ...given } = await read();
    expect(given).toEqual({
      LambdaFunctionConfigurations: [
        {
          Id: "to-handler",
          LambdaFunctionArn: arnOf("handler"),
          Events: ["s3:ObjectCreated:Put", "s3:ObjectCreated:Copy"],
          Filter: { Key: { FilterRules: [{ Name: "Suffix", Value: "<&>.json" }] } },
        },
      ],
      QueueConfigurations: [{ Id: expect.any(String), QueueArn: queue.arn, Events: ["s3:ObjectRemoved:*"] }],
    });
    await configure({ QueueConfigurations });
    expect((await read()).LambdaFunctionConfigurations).toBeUndefined();
    await s3.send(new DeleteBucketCommand({ Bucket }));
    await expect(read()).rejects.toMatchObject(awsError("NoSuchBucket", expect.anything(), 404));
    await emu.createBucket(Bucket);
    expect((await read()).QueueConfigurations).toBeUndefined();
  });

  test("may name what is not there yet, where that is not to be checked", async () => {
    const { emu, s3 } = worlds.current;
    const QueueArn = "arn:aws:sqs:us-east-1:000000000000:later";
    const NotificationConfiguration = { QueueConfigurations: [{ QueueArn, Events: ["s3:ObjectCreated:*" as const] }] };
    const input = { Bucket, NotificationConfiguration, SkipDestinationValidation: true };
    await s3.send(new PutBucketNotificationConfigurationCommand(input));
    await put("too early");
    const failed = { type: "notification.failed", from: "bucket files", destination: QueueArn };
    expect((await emu.timeline()).filter(({ type }) => type === failed.type)).toMatchObject([failed, failed]);
    const queue = await emu.createQueue("later");
    await put("in time");
    expect(await queue.messages()).toHaveLength(1);
  });

  const invalid = (message: string) => awsError("InvalidArgument", message);
  test.each<[string, NotificationConfiguration, object]>([
    [
      "a function that is not there",
      { LambdaFunctionConfigurations: [{ LambdaFunctionArn: arnOf("nobody"), Events: ["s3:ObjectCreated:*"] }] },
      invalid(`Unable to validate the following destination configurations: ${arnOf("nobody")}`),
    ],
    [
      "a queue where a topic is wanted",
      { TopicConfigurations: [{ TopicArn: "arn:aws:sqs:us-east-1:000000000000:q", Events: ["s3:ObjectCreated:*"] }] },
      invalid("The ARN could not be parsed"),
    ],
    [
      "one event for two",
      {
        LambdaFunctionConfigurations: [
          { LambdaFunctionArn: arnOf("handler"), Events: ["s3:ObjectCreated:*"] },
          { LambdaFunctionArn: arnOf("handler"), Events: ["s3:ObjectCreated:Put"] },
        ],
      },
      invalid("Configurations overlap. Configurations on the same bucket cannot share a common event type."),
    ],
    [
      "filters that overlap",
      {
        LambdaFunctionConfigurations: [
          ...(toFunction(["s3:ObjectCreated:*"], [{ Name: "prefix", Value: "a/" }]).LambdaFunctionConfigurations ?? []),
          ...(toFunction(["s3:ObjectCreated:*"], [{ Name: "suffix", Value: ".b" }], "other")
            .LambdaFunctionConfigurations ?? []),
        ],
      },
      invalid(
        "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.",
      ),
    ],
    [
      "two of one id",
      {
        LambdaFunctionConfigurations: [
          { Id: "one", LambdaFunctionArn: arnOf("handler"), Events: ["s3:ObjectCreated:*"] },
          { Id: "one", LambdaFunctionArn: arnOf("handler"), Events: ["s3:ObjectCreated:*"] },
        ],
      },
      invalid("Same ID used for multiple configurations. IDs must be unique."),
    ],
    [
      "more than are read",
      toFunction(["s3:ObjectCreated:*"], [{ Name: "prefix", Value: "a".repeat(512 * 1024) }]),
      awsError(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
      ),
    ],
    [
      "an event bus",
      { EventBridgeConfiguration: {} },
      awsError("NotImplemented", "LocalEmu does not offer event buses (EventBridgeConfiguration).", 501),
    ],
  ])("of %s is refused", async (_, configuration, error) => {
    await expect(configure(configuration)).rejects.toMatchObject(error);
    expect((await read()).LambdaFunctionConfigurations).toBeUndefined();
  });
});
