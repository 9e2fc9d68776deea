import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListStreamsCommand,
  PutRecordCommand,
  PutResourcePolicyCommand,
} from "@aws-sdk/client-kinesis";
import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { AddPermissionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { CreateQueueCommand, SendMessageCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clientsOf, startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { createFunction } from "../lambda/lambda-api.ts";
import {
  account,
  allow,
  clientConfigOf,
  createRole,
  denialText,
  deny,
  judgements,
  policyOf,
  roleArn,
  sessionArn,
} from "./roles.ts";

let server: TestEmulator;
let orders: string;

beforeAll(async () => {
  server = await startTestEmulator({ enforceIam: "1" });
  await server.kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
  orders = `arn:aws:kinesis:us-east-1:${account}:stream/orders`;
});

afterAll(() => server[Symbol.asyncDispose]());

const Record = { Data: Buffer.from("{}"), PartitionKey: "p" };
const put = () => new PutRecordCommand({ StreamName: "orders", ...Record });
const statusOf = (status: number) => ({ $metadata: { httpStatusCode: status } });

async function kinesisOf(name: string): Promise<KinesisClient> {
  return new KinesisClient(await clientConfigOf(server, name));
}

test("the account itself may do everything", async () => {
  await expect(server.kinesis.send(put())).resolves.toMatchObject({ ShardId: "shardId-000000000000" });
});

test("a role may do what its policies allow, and no more", async () => {
  await createRole(server, "producer", [allow(["kinesis:Put*"], orders)]);
  const kinesis = await kinesisOf("producer");
  await expect(kinesis.send(put())).resolves.toMatchObject({ ShardId: "shardId-000000000000" });
  const read = new GetShardIteratorCommand({
    StreamName: "orders",
    ShardId: "shardId-000000000000",
    ShardIteratorType: "TRIM_HORIZON",
  });
  await expect(kinesis.send(read)).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: denialText("producer", "kinesis:GetShardIterator", orders),
    ...statusOf(400),
  });
  // An iterator, whoever got it, is one of its stream.
  const { ShardIterator } = await server.kinesis.send(read);
  await expect(kinesis.send(new GetRecordsCommand({ ShardIterator }))).rejects.toThrow(
    denialText("producer", "kinesis:GetRecords", orders),
  );
});

test("a client that calls without TLS is denied what needs it", async () => {
  const Condition = { Bool: { "aws:SecureTransport": "true" } };
  await createRole(server, "plain", [{ ...allow("kinesis:*"), Condition }]);
  await expect((await kinesisOf("plain")).send(put())).rejects.toMatchObject({ name: "AccessDeniedException" });
});

test("what is denied explicitly is denied", async () => {
  await createRole(server, "denied", [allow("kinesis:*"), deny("kinesis:PutRecord")]);
  await expect((await kinesisOf("denied")).send(put())).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: `User: ${sessionArn("denied")} is not authorized to perform: kinesis:PutRecord on resource: ${orders} with an explicit deny in an identity-based policy`,
  });
});

test("a stream's policy allows and denies", async () => {
  await createRole(server, "guest");
  const kinesis = await kinesisOf("guest");
  const attach = (statement: object) =>
    server.kinesis.send(
      new PutResourcePolicyCommand({
        ResourceARN: orders,
        Policy: policyOf({ ...statement, Principal: { AWS: roleArn("guest") } }),
      }),
    );
  await expect(kinesis.send(put())).rejects.toThrow("because no identity-based policy allows");
  await attach(allow("kinesis:PutRecord", orders));
  await expect(kinesis.send(put())).resolves.toBeDefined();
  await attach(deny("kinesis:*", orders));
  await expect(kinesis.send(put())).rejects.toThrow("with an explicit deny in a resource-based policy");
});

test("functions are invoked by whom their policies name", async () => {
  await createFunction(server.lambda, "echo", { Role: await createRole(server, "of-echo") });
  await server.emu.idle();
  const echo = `arn:aws:lambda:us-east-1:${account}:function:echo`;
  const Principal = await createRole(server, "invoker");
  const lambda = new LambdaClient(await clientConfigOf(server, "invoker"));
  const invoke = new InvokeCommand({ FunctionName: "echo", Payload: "{}" });
  await expect(lambda.send(invoke)).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: denialText("invoker", "lambda:InvokeFunction", echo),
    ...statusOf(403),
  });
  await server.lambda.send(
    new AddPermissionCommand({ FunctionName: "echo", StatementId: "s", Action: "lambda:InvokeFunction", Principal }),
  );
  await expect(lambda.send(invoke)).resolves.toMatchObject({ StatusCode: 200 });
});

test("queues, topics and buckets are guarded", async () => {
  const { emu, sqs } = server;
  const config = emu.getClientConfig();
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  await new SNSClient(config).send(new CreateTopicCommand({ Name: "t" }));
  await new S3Client(config).send(new CreateBucketCommand({ Bucket: "inbox" }));
  await createRole(server, "sender", [
    allow("s3:GetObject", "arn:aws:s3:::inbox/in/*"),
    allow("s3:GetLifecycleConfiguration", "arn:aws:s3:::inbox"),
    allow("s3:CreateBucket", "arn:aws:s3:::inbox"),
  ]);
  const own = await clientConfigOf(server, "sender");
  const queue = `arn:aws:sqs:us-east-1:${account}:q`;
  const topic = `arn:aws:sns:us-east-1:${account}:t`;
  const send = new SendMessageCommand({ QueueUrl, MessageBody: "m" });
  await expect(new SQSClient(own).send(send)).rejects.toMatchObject({
    name: "AccessDenied",
    message: denialText("sender", "sqs:sendmessage", queue),
    ...statusOf(403),
  });
  await expect(new SNSClient(own).send(new PublishCommand({ TopicArn: topic, Message: "m" }))).rejects.toMatchObject({
    name: "AuthorizationErrorException",
    message: denialText("sender", "SNS:Publish", topic),
    ...statusOf(403),
  });
  const s3 = new S3Client(own);
  await expect(s3.send(new PutObjectCommand({ Bucket: "inbox", Key: "in/k", Body: "x" }))).rejects.toMatchObject({
    name: "AccessDenied",
    message: denialText("sender", "s3:PutObject", '"arn:aws:s3:::inbox/in/k"'),
    ...statusOf(403),
  });
  // What is set of a bucket has permissions of its own.
  const Bucket = "inbox";
  await expect(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).rejects.toMatchObject({
    name: "NoSuchLifecycleConfiguration",
  });
  const LifecycleConfiguration = { Rules: [] };
  await expect(
    s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration })),
  ).rejects.toMatchObject({ message: denialText("sender", "s3:PutLifecycleConfiguration", '"arn:aws:s3:::inbox"') });
  await expect(s3.send(new GetBucketLocationCommand({ Bucket }))).rejects.toMatchObject({
    message: denialText("sender", "s3:GetBucketLocation", '"arn:aws:s3:::inbox"'),
  });
  // Allowed, and not there.
  await expect(s3.send(new GetObjectCommand({ Bucket: "inbox", Key: "in/k" }))).rejects.toMatchObject({
    name: "NoSuchKey",
  });
  const Policy = policyOf({ ...allow("sqs:SendMessage", queue), Principal: { AWS: roleArn("sender") } });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await expect(new SQSClient(own).send(send)).resolves.toBeDefined();
});

test("an operation of SNS needs its permission by GET too, where it is no link of a notification", async () => {
  const { TopicArn = "" } = await new SNSClient(server.emu.getClientConfig()).send(
    new CreateTopicCommand({ Name: "kept" }),
  );
  await createRole(server, "visitor");
  const { credentials, endpoint } = await clientConfigOf(server, "visitor");
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/20260101/us-east-1/sns/aws4_request, Signature=0`;
  const get = async (query: string): Promise<string> =>
    (await fetch(`${endpoint}/?${query}&TopicArn=${TopicArn}`, { headers: { authorization } })).text();
  const denied = denialText("visitor", "SNS:DeleteTopic", TopicArn);
  expect(await get("Action=DeleteTopic")).toContain(denied);
  expect(await get("Action=%44eleteTopic")).toContain(denied);
  // Of what is said twice the first counts, for permissions and for what is done.
  expect(await get("Action=Unsubscribe&Action=DeleteTopic")).toContain("SubscriptionArn is required");
});

test("a transaction on tables needs what its parts need", async () => {
  await new DynamoDBClient(server.emu.getClientConfig()).send(
    new CreateTableCommand({
      TableName: "items",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  const items = `arn:aws:dynamodb:us-east-1:${account}:table/items`;
  await createRole(server, "writer", [allow("dynamodb:PutItem", items)]);
  const dynamodb = new DynamoDBClient(await clientConfigOf(server, "writer"));
  const Put = { TableName: "items", Item: { id: { S: "1" } } };
  await dynamodb.send(new PutItemCommand(Put));
  await dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [{ Put }] }));
  const Delete = { TableName: "items", Key: { id: { S: "1" } } };
  await expect(dynamodb.send(new TransactWriteItemsCommand({ TransactItems: [{ Delete }] }))).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: denialText("writer", "dynamodb:DeleteItem", items),
  });
});

test("a role is assumed by whom its trust policy names", async () => {
  await createRole(server, "caller", [allow("sts:AssumeRole")]);
  await createRole(server, "closed");
  const trusting = policyOf({ Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" });
  await createRole(server, "open", [], [], trusting);
  const sts = new STSClient(await clientConfigOf(server, "caller"));
  const assume = (name: string) => sts.send(new AssumeRoleCommand({ RoleArn: roleArn(name), RoleSessionName: "own" }));
  await expect(assume("open")).resolves.toBeDefined();
  await expect(assume("closed")).rejects.toMatchObject({
    name: "AccessDenied",
    message: `User: ${sessionArn("caller")} is not authorized to perform: sts:AssumeRole on resource: ${roleArn("closed")}`,
    ...statusOf(403),
  });
});

test("a session does not outlive what a reset forgets", async () => {
  const emu = await server.emu.createWorld();
  const world = { ...server, ...clientsOf(emu), emu };
  await createRole(world, "own", [allow("kinesis:*")]);
  const config = await clientConfigOf(world, "own");
  await expect(new KinesisClient(config).send(new ListStreamsCommand())).resolves.toBeDefined();
  await emu.reset();
  await emu.createStream("orders");
  await expect(new KinesisClient(config).send(put())).rejects.toMatchObject({ name: "AccessDeniedException" });
  const { endpoint } = server.emu.getClientConfig();
  await expect(new KinesisClient({ ...config, endpoint }).send(put())).rejects.toMatchObject({
    name: "UnrecognizedClientException",
    message: expect.stringContaining("its world was deleted or reset"),
  });
  await emu.close();
});

test("what cannot be judged counts for nothing, and is told", async () => {
  const Condition = { IpAddress: { "aws:SourceIp": "127.0.0.1" } };
  await createRole(server, "somewhere", [{ ...allow("kinesis:PutRecord"), Sid: "FromHere", Condition }]);
  await expect((await kinesisOf("somewhere")).send(put())).rejects.toThrow("because no identity-based policy allows");
  expect((await judgements(server.emu)).at(-1)).toMatchObject({
    outcome: "denied",
    caller: sessionArn("somewhere"),
    action: "kinesis:PutRecord",
    resource: orders,
    notes: ["the statement FromHere counts for nothing: the condition key aws:SourceIp is not supported"],
  });
});

test("softly, everything goes on, and the timeline tells what AWS would deny", async () => {
  await using soft = await startTestEmulator({ enforceIam: "soft" });
  await soft.kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
  await createRole(soft, "guest");
  await new KinesisClient(await clientConfigOf(soft, "guest")).send(put());
  expect(await judgements(soft.emu)).toMatchObject([
    { outcome: "wouldBeDenied", message: denialText("guest", "kinesis:PutRecord", orders) },
  ]);
});

test("normally, nobody is asked", async () => {
  await using open = await startTestEmulator();
  await open.kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
  await createRole(open, "guest", [deny("kinesis:*")]);
  await new KinesisClient(await clientConfigOf(open, "guest")).send(put());
  expect(await judgements(open.emu)).toEqual([]);
});
