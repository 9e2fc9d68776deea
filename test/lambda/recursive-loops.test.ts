import { CreateEventSourceMappingCommand, PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { PutBucketNotificationConfigurationCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { LocalEmu } from "@localemu/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import type { Clients } from "../emulator/emulator.ts";
import { invokeEvent } from "./event-invoke-api.ts";
import { arnOf, createFunction, lambdaServer } from "./lambda-api.ts";
import { zipOf } from "./zips.ts";

const server = lambdaServer();
let emu: LocalEmu;
let clients: Clients;

beforeEach(async () => {
  emu = await server.current.emu.createWorld();
  clients = clientsOf(emu);
});

afterEach(() => emu.close());

const queueArn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

/** Sends a message back to the queue, with its trace as AWS's SDKs do. */
const sending = zipOf({
  "index.mjs": `export const handler = async () => {
    const answer = await fetch(process.env.AWS_ENDPOINT_URL, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "AmazonSQS.SendMessage",
        "x-amzn-trace-id": process.env._X_AMZN_TRACE_ID,
      },
      body: JSON.stringify({ QueueUrl: process.env.QUEUE_URL, MessageBody: "again" }),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };`,
});

test("a loop over a queue is stopped, and its message becomes a dead letter", async () => {
  const { lambda, sqs } = clients;
  await sqs.send(new CreateQueueCommand({ QueueName: "dead" }));
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "loop" }));
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn("dead"), maxReceiveCount: 1 });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }));
  const Environment = { Variables: { QUEUE_URL: QueueUrl } };
  await createFunction(lambda, "sender", { Code: { ZipFile: sending }, Environment });
  await lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName: "sender", EventSourceArn: queueArn("loop"), BatchSize: 1 }),
  );
  await emu.idle();
  await emu.clock.auto();
  await emu.queue("loop").send("begin");
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  expect(await emu.function("sender").invocations()).toHaveLength(16);
  expect(await emu.queue("dead").messages()).toMatchObject([{ body: "again" }]);
  const [, second] = await emu.function("sender").invocations();
  expect(second).toMatchObject({
    event: { Records: [{ attributes: { AWSTraceHeader: expect.stringMatching(/;Lineage=1:[\da-f]{8}:0$/) } }] },
  });
});

test("a loop over destinations is stopped", async () => {
  const { lambda } = clients;
  // What echoes would double with each round.
  const ZipFile = zipOf({ "index.js": "exports.handler = async () => null;" });
  for (const name of ["ping", "pong"]) await createFunction(lambda, name, { Code: { ZipFile } });
  const after = (FunctionName: string, next: string) =>
    lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName,
        DestinationConfig: { OnSuccess: { Destination: arnOf(next) } },
      }),
    );
  await after("ping", "pong");
  await after("pong", "ping");
  await invokeEvent(lambda, "ping", {});
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  const counts = await Promise.all(["ping", "pong"].map(async (name) => (await emu.function(name).peek()).invoked));
  expect(counts).toEqual([16, 16]);
});

/** Calls `path` with `body` as AWS's SDKs do, but for the signature. */
const calling = (service: string, method: string, path: string, body: string) =>
  zipOf({
    "index.mjs": `export const handler = async () => {
      const answer = await fetch(process.env.AWS_ENDPOINT_URL + ${JSON.stringify(path)}, {
        method: ${JSON.stringify(method)},
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          authorization: "AWS4-HMAC-SHA256 Credential=" + process.env.AWS_ACCESS_KEY_ID + "/20260101/us-east-1/${service}/aws4_request",
          "x-amzn-trace-id": process.env._X_AMZN_TRACE_ID,
        },
        body: ${JSON.stringify(body)},
      });
      if (!answer.ok) throw new Error(await answer.text());
    };`,
  });

test("a loop over a topic is stopped", async () => {
  const topic = await emu.createTopic("loop");
  const form = new URLSearchParams({ Action: "Publish", TopicArn: topic.arn, Message: "again" });
  await createFunction(clients.lambda, "publisher", {
    Code: { ZipFile: calling("sns", "POST", "/", form.toString()) },
  });
  await emu.control.call("sns", "Subscribe", { TopicArn: topic.arn, Protocol: "lambda", Endpoint: arnOf("publisher") });
  await topic.publish("begin");
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  expect(await emu.function("publisher").peek()).toMatchObject({ invoked: 16 });
  expect((await emu.timeline()).filter(({ type }) => type === "function.eventDropped")).toMatchObject([
    { functionName: "publisher", condition: "RecursiveInvocation" },
  ]);
});

test("a loop over a bucket is stopped", async () => {
  const bucket = await emu.createBucket("loop");
  await createFunction(clients.lambda, "writer", { Code: { ZipFile: calling("s3", "PUT", "/loop/again", "x") } });
  const s3 = new S3Client(emu.getClientConfig());
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: "loop",
      NotificationConfiguration: {
        LambdaFunctionConfigurations: [{ LambdaFunctionArn: arnOf("writer"), Events: ["s3:ObjectCreated:*"] }],
      },
    }),
  );
  s3.destroy();
  await bucket.put("begin", "x");
  expect(await emu.idle()).toMatchObject({ state: "idle" });
  expect(await emu.function("writer").peek()).toMatchObject({ invoked: 16 });
  expect((await bucket.objects()).map(({ key }) => key)).toEqual(["again", "begin"]);
});
