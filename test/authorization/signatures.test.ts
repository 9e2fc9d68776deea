import { CreateStreamCommand, KinesisClient, ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { ListFunctionsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateTopicCommand,
  ListSubscriptionsCommand,
  ListTopicsCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ verifySignatures: true, credentials: ["AKIAMINE:s3cr:et"] });
});

afterAll(() => server[Symbol.asyncDispose]());

const configured = { accessKeyId: "AKIAMINE", secretAccessKey: "s3cr:et" };
const wrongSecret = { ...configured, secretAccessKey: "guessed" };
const unknownKey = { accessKeyId: "AKIAOTHER", secretAccessKey: "any" };
const settings = (change: object = {}) => ({ ...server.emu.getClientConfig(), maxAttempts: 1, ...change });
const minute = 60_000;

describe("who signs rightly is served", () => {
  test("over HTTP/2 and HTTP/1.1, with issued and with configured credentials", async () => {
    for (const credentials of [server.emu.getClientConfig().credentials, configured]) {
      for (const requestHandler of [undefined, new NodeHttpHandler()]) {
        const kinesis = new KinesisClient(settings({ credentials, ...(requestHandler && { requestHandler }) }));
        await expect(kinesis.send(new ListStreamsCommand({}))).resolves.toMatchObject({ StreamNames: [] });
        kinesis.destroy();
      }
    }
  });

  test("in every protocol", async () => {
    await new LambdaClient(settings()).send(new ListFunctionsCommand({ MaxItems: 3, FunctionVersion: "ALL" }));
    await new STSClient(settings()).send(new GetCallerIdentityCommand({}));
    await new SNSClient(settings()).send(new ListTopicsCommand({}));
    const sqs = new SQSClient(settings());
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "häh!" }));
    const s3 = new S3Client(settings({ credentials: configured }));
    await s3.send(new CreateBucketCommand({ Bucket: "signed" }));
    const Key = "a b/ü(1)+!'*&=.txt";
    await s3.send(new PutObjectCommand({ Bucket: "signed", Key, Body: "whole" }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "signed", Key }));
    expect(await Body?.transformToString()).toBe("whole");
  });

  test("and so is who follows the link in a notification, which nobody signs", async () => {
    const world = await server.emu.createWorld();
    for (const emu of [server.emu, world]) {
      const config = { ...emu.getClientConfig(), region: "eu-west-1" };
      const [sns, sqs] = [new SNSClient(config), new SQSClient(config)];
      const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "t" }));
      const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "notified" }));
      const Endpoint = "arn:aws:sqs:eu-west-1:000000000000:notified";
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint }));
      await sns.send(new PublishCommand({ TopicArn, Message: "hello" }));
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      const { UnsubscribeURL } = JSON.parse(Messages[0]?.Body ?? "");
      const reply = await fetch(UnsubscribeURL);
      expect([reply.status, await reply.text()]).toEqual([200, expect.stringContaining("<UnsubscribeResponse")]);
      expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions ?? []).toEqual([]);
      const publishing = await fetch(UnsubscribeURL.replace("Unsubscribe", "Publish"));
      expect([publishing.status, await publishing.text()]).toEqual([403, expect.stringContaining("AccessDenied")]);
    }
    await world.close();
  });

  test("in a world of its own", async () => {
    const world = await server.emu.createWorld();
    const kinesis = new KinesisClient({ ...world.getClientConfig(), maxAttempts: 1 });
    await kinesis.send(new CreateStreamCommand({ StreamName: "s", ShardCount: 1 }));
    const lambda = new LambdaClient({ ...world.getClientConfig(), maxAttempts: 1 });
    await expect(lambda.send(new ListFunctionsCommand({}))).resolves.toMatchObject({ Functions: [] });
    await world.close();
  });
});

const mismatch =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const invalidToken = "The security token included in the request is invalid.";

describe("who does not is refused", () => {
  const call = {
    kinesis: (change: object) => new KinesisClient(settings(change)).send(new ListStreamsCommand({})),
    lambda: (change: object) => new LambdaClient(settings(change)).send(new ListFunctionsCommand({})),
    sts: (change: object) => new STSClient(settings(change)).send(new GetCallerIdentityCommand({})),
    s3: (change: object) =>
      new S3Client(settings(change)).send(new GetObjectCommand({ Bucket: "signed", Key: "missing" })),
  };

  test.each([
    ["kinesis", wrongSecret, 400, "InvalidSignatureException", mismatch],
    ["lambda", wrongSecret, 403, "InvalidSignatureException", mismatch],
    ["sts", wrongSecret, 403, "SignatureDoesNotMatch", mismatch],
    [
      "s3",
      wrongSecret,
      403,
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    ],
    ["kinesis", unknownKey, 400, "UnrecognizedClientException", invalidToken],
    ["lambda", unknownKey, 403, "UnrecognizedClientException", invalidToken],
    ["sts", unknownKey, 403, "InvalidClientTokenId", invalidToken],
    ["s3", unknownKey, 403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."],
  ] as const)("by %s with %j: %i %s", async (service, credentials, httpStatusCode, name, message) => {
    await expect(call[service]({ credentials })).rejects.toMatchObject({
      name,
      message,
      $metadata: { httpStatusCode },
    });
  });

  // Clients learn from the refusal by how much their clock is wrong, for their next call.
  test.each([
    [
      "kinesis",
      -6 * minute,
      "InvalidSignatureException",
      /^Signature expired: \d{8}T\d{6}Z is now earlier than .* - 5 min\.\)$/,
    ],
    [
      "kinesis",
      6 * minute,
      "InvalidSignatureException",
      /^Signature not yet current: \d{8}T\d{6}Z is still later than .* \+ 5 min\.\)$/,
    ],
    ["sts", -6 * minute, "SignatureDoesNotMatch", /^Signature expired: /],
    [
      "s3",
      -16 * minute,
      "RequestTimeTooSkewed",
      /^The difference between the request time and the current time is too large\.$/,
    ],
  ] as const)("by %s with a clock that is wrong by %i ms", async (service, systemClockOffset, name, message) => {
    await expect(call[service]({ systemClockOffset })).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
    await expect(
      call[service]({ systemClockOffset: systemClockOffset / 8, credentials: unknownKey }),
    ).rejects.not.toThrow(/Signature/);
  });

  test("for another service", async () => {
    const reply = await fetch(server.emu.endpoint, {
      method: "POST",
      headers: {
        "x-amz-target": "Kinesis_20131202.ListStreams",
        "content-type": "application/x-amz-json-1.1",
        "x-amz-date": "20260101T000000Z",
        authorization:
          "AWS4-HMAC-SHA256 Credential=AKIAMINE/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00",
      },
      body: "{}",
    });
    expect([reply.status, await reply.json()]).toEqual([
      400,
      {
        __type: "InvalidSignatureException",
        message: "Credential should be scoped to correct service: 'kinesis'. ",
      },
    ]);
  });

  test("with a body that is not the one that was signed", async () => {
    const kinesis = new KinesisClient(settings());
    kinesis.middlewareStack.add(
      (next) => (args) => {
        const { request } = args;
        if (typeof request === "object" && request !== null) Object.assign(request, { body: '{"Limit":2}' });
        return next(args);
      },
      { step: "finalizeRequest", priority: "low" },
    );
    await expect(kinesis.send(new ListStreamsCommand({ Limit: 1 }))).rejects.toMatchObject({
      name: "InvalidSignatureException",
      message: mismatch,
    });
  });

  test("and leaves a trace", async () => {
    const { emu } = server;
    await emu.reset();
    await expect(call.lambda({ credentials: wrongSecret })).rejects.toThrow(mismatch);
    expect((await emu.timeline()).slice(1)).toMatchObject([
      { type: "call.failed", service: "lambda", operation: "unknown", code: "InvalidSignatureException" },
    ]);
    const metrics = await (await fetch(`${emu.endpoint}/_localemu/metrics`)).text();
    expect(metrics).toMatch(/^localemu_calls_total{service="lambda",operation="unknown",status="403"} [1-9]/m);
  });

  test.each([
    ["", { "x-amz-target": "Kinesis_20131202.ListStreams" }, 400, "MissingAuthenticationTokenException"],
    ["/2015-03-31/functions", {}, 403, "MissingAuthenticationTokenException"],
    ["/signed/key", {}, 403, "AccessDenied"],
  ])("without a signature at %s", async (path, headers, status, code) => {
    const reply = await fetch(server.emu.endpoint + path, { method: path === "" ? "POST" : "GET", headers });
    expect(reply.status).toBe(status);
    expect(await reply.text()).toContain(code);
  });
});
