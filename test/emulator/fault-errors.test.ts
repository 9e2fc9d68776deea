import { PutRecordCommand } from "@aws-sdk/client-kinesis";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, HeadBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import * as s3Client from "@aws-sdk/client-s3";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import * as snsClient from "@aws-sdk/client-sns";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import * as sqsClient from "@aws-sdk/client-sqs";
import type { FaultRule } from "@localemu/control";
import { describe, expect } from "vitest";
import { messagingOperations } from "../../packages/emulator/src/protocols/messaging-operations.ts";
import { callControl, controlError } from "./control-calls.ts";
import { clientsOf } from "./emulator.ts";
import type { TestEmulator } from "./emulator.ts";
import { emulatorTest } from "./emulator-test.ts";
import { failureOf } from "./failure-of.ts";

const test = emulatorTest();

/** How a call of each operation fails under a fault, for clients that try once. */
async function failingWorld(server: TestEmulator) {
  const emu = await server.emu.createWorld();
  const config = { ...emu.getClientConfig(), maxAttempts: 1 };
  const { kinesis, lambda, sqs } = clientsOf(emu, { maxAttempts: 1 });
  const [sns, s3] = [new SNSClient(config), new S3Client(config)];
  await s3.send(new CreateBucketCommand({ Bucket: "files" }));
  const calls: { readonly [operation: string]: () => Promise<unknown> } = {
    "kinesis:PutRecord": () =>
      kinesis.send(new PutRecordCommand({ StreamName: "orders", PartitionKey: "k", Data: Buffer.from("x") })),
    "lambda:Invoke": () => lambda.send(new InvokeCommand({ FunctionName: "orders-fn" })),
    "sqs:ListQueues": () => sqs.send(new ListQueuesCommand()),
    "sns:Publish": () =>
      sns.send(new PublishCommand({ TopicArn: "arn:aws:sns:us-east-1:000000000000:t", Message: "m" })),
    "s3:PutObject": () => s3.send(new PutObjectCommand({ Bucket: "files", Key: "a", Body: "x" })),
    "s3:HeadBucket": () => s3.send(new HeadBucketCommand({ Bucket: "files" })),
  };
  return {
    async failure(rule: FaultRule): Promise<string> {
      const { id } = await emu.faults.add(rule);
      const failure = await failureOf(calls[rule.operation]?.() ?? Promise.resolve());
      await emu.faults.remove(id);
      return failure;
    },
    [Symbol.asyncDispose]: () => emu.close(),
  };
}

describe("an error without a status has the one that its service gives it", () => {
  test.for([
    ["kinesis:PutRecord", "AccessDeniedException", "400 AccessDeniedException"],
    ["kinesis:PutRecord", "ServiceUnavailable", "503 ServiceUnavailable"],
    ["lambda:Invoke", "AccessDeniedException", "403 AccessDeniedException"],
    ["lambda:Invoke", "ServiceException", "500 ServiceException"],
    ["sqs:ListQueues", "RequestThrottled", "403 RequestThrottled"],
    ["sqs:ListQueues", "AccessDenied", "403 AccessDenied"],
    ["sns:Publish", "Throttled", "429 ThrottledException"],
    ["sns:Publish", "AuthorizationError", "403 AuthorizationErrorException"],
    ["sns:Publish", "NotFound", "404 NotFoundException"],
    ["sns:Publish", "InternalError", "500 InternalErrorException"],
    ["s3:PutObject", "AccessDenied", "403 AccessDenied"],
    ["s3:PutObject", "NoSuchBucket", "404 NoSuchBucket"],
    ["s3:PutObject", "SlowDown", "503 SlowDown"],
    ["s3:PutObject", "ServiceUnavailable", "503 ServiceUnavailable"],
  ] as const)("%s %s: %s", async ([operation, error, failure], { emulator }) => {
    await using world = await failingWorld(emulator);
    expect(await world.failure({ operation, error, message: "m" })).toBe(`${failure}: m`);
  });

  test("also where a reply has no body", async ({ emulator }) => {
    await using world = await failingWorld(emulator);
    expect(await world.failure({ operation: "s3:HeadBucket", error: "AccessDenied" })).toMatch(/^403 /);
  });
});

test.for(["lambda:Invoke", "sqs:ListQueues", "sns:Publish", "s3:PutObject"])(
  "%s tells any message as it was given",
  async (operation, { emulator }) => {
    await using world = await failingWorld(emulator);
    const message = 'a < b && "c" > d';
    expect(await world.failure({ operation, error: "ServiceUnavailable", message })).toBe(
      `503 ServiceUnavailable: ${message}`,
    );
  },
);

describe("operations that no call could have", () => {
  test.for(["sqs:SendMesage", "sns:publish", "s3:PutObjekt", "s3:SelectObjectContent"])(
    "%s is refused",
    async (operation, { emulator }) => {
      const refused = await callControl(
        emulator.emu.endpoint,
        "POST faults",
        JSON.stringify({ operation, error: "AccessDenied" }),
      );
      expect(refused).toEqual(controlError(400, "BadRequest", expect.stringMatching(/operation/)));
    },
  );

  const namesOf = (client: object): readonly string[] =>
    Object.keys(client).flatMap((name) => /^([A-Z]\w+)Command$/.exec(name)?.[1] ?? []);

  test.for([
    ["sqs", namesOf(sqsClient)],
    ["sns", namesOf(snsClient)],
  ] as const)("are not those of %s", async ([service, names], { emulator }) => {
    await using emu = await emulator.emu.createWorld();
    for (const name of names) await emu.faults.add({ operation: `${service}:${name}`, error: "Throttled" });
    expect(await emu.faults.list()).toHaveLength(names.length);
  });

  test("of S3 are those that a request cannot be told to be", async ({ emulator }) => {
    await using emu = await emulator.emu.createWorld();
    const refused = new Set<string>();
    const names = namesOf(s3Client);
    for (const name of names) {
      await emu.faults.add({ operation: `s3:${name}`, error: "SlowDown" }).catch(() => refused.add(name));
    }
    expect(names.filter((name) => !refused.has(name))).toHaveLength(messagingOperations.s3.size);
  });
});
