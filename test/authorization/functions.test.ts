import { CreateStreamCommand, PutRecordCommand } from "@aws-sdk/client-kinesis";
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionUrlConfigCommand,
  GetEventSourceMappingCommand,
  InvokeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { createFunction } from "../lambda/lambda-api.ts";
import { zipOf } from "../lambda/zips.ts";
import {
  account,
  allow,
  createRole,
  deny,
  judgements,
  policyOf,
  putStatements,
  roleArn,
  unlessSecure,
} from "./roles.ts";

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ enforceIam: "1", clock: "frozen" });
  await createRole(server, "lambda");
});

afterAll(() => server[Symbol.asyncDispose]());

const service = "arn:aws:iam::aws:policy/service-role";
const streamArn = (name: string): string => `arn:aws:kinesis:us-east-1:${account}:stream/${name}`;
const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:${account}:${name}`;
const reading = ["GetRecords", "GetShardIterator", "DescribeStream", "ListShards"].map((name) => `kinesis:${name}`);
const minute = 60_000;

async function createStream(name: string): Promise<void> {
  await server.kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
}

async function put(name: string): Promise<void> {
  await server.kinesis.send(new PutRecordCommand({ StreamName: name, Data: Buffer.from("1"), PartitionKey: "p" }));
}

function map(functionName: string, EventSourceArn: string, change: object = {}) {
  const stream = EventSourceArn.includes(":kinesis:") ? { StartingPosition: "TRIM_HORIZON" as const } : {};
  return server.lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName: functionName, EventSourceArn, ...stream, ...change }),
  );
}

async function payloadOf(functionName: string): Promise<unknown> {
  const { Payload } = await server.lambda.send(new InvokeCommand({ FunctionName: functionName, Payload: "{}" }));
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

const caller = zipOf({
  "index.mjs": `
    const target = (name, input) => fetch(process.env.AWS_ENDPOINT_URL, { method: "POST", headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "Kinesis_20131202." + name,
      "x-amz-date": "20260101T000000Z",
      authorization: "AWS4-HMAC-SHA256 Credential=" + process.env.AWS_ACCESS_KEY_ID +
        "/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=00",
    }, body: JSON.stringify(input) });
    export const handler = async () => {
      const reply = await target("PutRecord", { StreamName: "events", Data: "MQ==", PartitionKey: "p" });
      return { status: reply.status, body: await reply.json() };
    };`,
});

test("a function's code calls under the function's role", async () => {
  await createStream("events");
  await createFunction(server.lambda, "caller", {
    Role: await createRole(server, "for-caller"),
    Code: { ZipFile: caller },
  });
  await server.emu.idle();
  expect(await payloadOf("caller")).toMatchObject({
    status: 400,
    body: {
      message: `User: arn:aws:sts::${account}:assumed-role/for-caller/caller is not authorized to perform: kinesis:PutRecord on resource: ${streamArn("events")} because no identity-based policy allows the kinesis:PutRecord action`,
    },
  });
  const Condition = { ArnLike: { "lambda:SourceFunctionArn": "arn:aws:lambda:*:*:function:caller" } };
  await putStatements(server.emu, "for-caller", [{ ...allow("kinesis:PutRecord"), Condition }]);
  expect(await payloadOf("caller")).toMatchObject({ status: 200 });
  // It calls where it is told to, which on AWS is always over TLS.
  await putStatements(server.emu, "for-caller", [allow("kinesis:PutRecord"), unlessSecure(deny("kinesis:*"))]);
  expect(await payloadOf("caller")).toMatchObject({ status: 200 });
});

describe("a function's role", () => {
  const refused = {
    name: "InvalidParameterValueException",
    message: "The role defined for the function cannot be assumed by Lambda.",
    $metadata: { httpStatusCode: 400 },
  };
  const trusting = (Principal: object, more: object = {}): string =>
    policyOf({ Effect: "Allow", Principal, Action: "sts:AssumeRole", ...more });

  test.each([
    ["nobody made", undefined],
    ["trusts another service", trusting({ Service: ["ecs-tasks.amazonaws.com", "edgelambda.amazonaws.com"] })],
    ["trusts the account", trusting({ AWS: `arn:aws:iam::${account}:root` })],
    [
      "trusts Lambda for another function",
      trusting(
        { Service: "lambda.amazonaws.com" },
        { Condition: { ArnLike: { "aws:SourceArn": "arn:aws:lambda:*:*:function:another" } } },
      ),
    ],
    [
      "denies it",
      policyOf(
        { Effect: "Allow", Principal: "*", Action: "sts:*" },
        { Effect: "Deny", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      ),
    ],
  ])("that %s cannot be assumed by Lambda", async (what, trust) => {
    const name = what.replaceAll(" ", "-");
    const Role = trust === undefined ? roleArn(name) : await createRole(server, name, [], [], trust);
    await expect(createFunction(server.lambda, "refused", { Role })).rejects.toMatchObject(refused);
    await createFunction(server.lambda, name);
    await server.emu.idle();
    const update = new UpdateFunctionConfigurationCommand({ FunctionName: name, Role });
    await expect(server.lambda.send(update)).rejects.toMatchObject(refused);
    expect((await judgements(server.emu)).at(-1)).toMatchObject({
      outcome: "denied",
      caller: "lambda.amazonaws.com",
      action: "sts:AssumeRole",
      resource: Role,
      ...(trust === undefined ? { notes: [`there is no role ${Role}`] } : {}),
    });
  });

  test("that trusts Lambda, whoever else, is taken", async () => {
    const Condition = {
      StringEquals: { "aws:SourceAccount": account },
      ArnLike: { "aws:SourceArn": `arn:aws:lambda:us-east-1:${account}:function:tr*` },
    };
    const Service = ["ec2.amazonaws.com", "lambda.amazonaws.com"];
    const Role = await createRole(server, "trusting", [], [], trusting({ Service }, { Condition }));
    expect(await createFunction(server.lambda, "trusted", { Role })).toMatchObject({ Role });
  });

  test("need not be there for a handler of the test, or an entry that it deploys", async () => {
    await using attached = await server.emu.attachHandler("attached", async () => "here");
    expect(await payloadOf(attached.name)).toBe("here");
  });
});

describe("a mapping", () => {
  test("of a stream that its function may not read is refused", async () => {
    await createStream("closed");
    const Role = await createRole(server, "no-reader", [allow("kinesis:GetRecords")]);
    await createFunction(server.lambda, "no-reader", { Role });
    await server.emu.idle();
    await expect(map("no-reader", streamArn("closed"))).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: `Cannot access stream ${streamArn("closed")}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, ListShards, and ListStreams Actions on your stream in IAM.`,
    });
    expect((await judgements(server.emu)).at(-1)).toMatchObject({
      outcome: "denied",
      caller: `arn:aws:sts::${account}:assumed-role/no-reader/no-reader`,
      action: "kinesis:GetShardIterator",
    });
  });

  test("of a queue that its function may not read is refused", async () => {
    await server.sqs.send(new CreateQueueCommand({ QueueName: "closed" }));
    await createFunction(server.lambda, "no-receiver", { Role: await createRole(server, "no-receiver") });
    await server.emu.idle();
    await expect(map("no-receiver", queueArn("closed"))).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: "The provided execution role does not have permissions to call ReceiveMessage on SQS",
    });
  });

  test("reads with AWS's policies for it, and stops while these are taken away", async () => {
    await createStream("open");
    const attached = [`${service}/AWSLambdaSQSQueueExecutionRole`];
    await createFunction(server.lambda, "reader", {
      Role: await createRole(server, "reader", [allow(reading)], attached),
    });
    await server.sqs.send(new CreateQueueCommand({ QueueName: "open" }));
    await server.emu.idle();
    await map("reader", queueArn("open"));
    const { UUID } = await map("reader", streamArn("open"));
    await put("open");
    await server.emu.idle();
    const result = async () =>
      (await server.lambda.send(new GetEventSourceMappingCommand({ UUID }))).LastProcessingResult;
    expect(await result()).toBe("OK");
    await putStatements(server.emu, "reader", [allow("s3:*")]);
    await put("open");
    await server.emu.idle();
    expect(await result()).toBe(
      `PROBLEM: AccessDeniedException: User: arn:aws:sts::${account}:assumed-role/reader/reader is not authorized to perform: kinesis:GetRecords on resource: ${streamArn("open")} because no identity-based policy allows the kinesis:GetRecords action`,
    );
    await putStatements(server.emu, "reader", [allow(reading)]);
    await server.emu.clock.advance(minute);
    expect(await result()).toBe("OK");
    // However often it is tried, it is told once.
    const told = (await judgements(server.emu)).filter(({ resource }) => resource === streamArn("open"));
    expect(told).toMatchObject([{ outcome: "denied", action: "kinesis:GetRecords" }]);
  });
});

describe("a function's URL", () => {
  test.each(["NONE", "AWS_IAM"] as const)("of type %s is for whom the function's policy names", async (AuthType) => {
    const name = `url-${AuthType}`;
    await createFunction(server.lambda, name);
    await server.emu.idle();
    const { FunctionUrl = "" } = await server.lambda.send(
      new CreateFunctionUrlConfigCommand({ FunctionName: name, AuthType }),
    );
    const reply = await fetch(FunctionUrl);
    expect([reply.status, reply.headers.get("x-amzn-errortype")]).toEqual([403, "AccessDeniedException"]);
    await server.lambda.send(
      new AddPermissionCommand({
        FunctionName: name,
        StatementId: "everybody",
        Action: "lambda:InvokeFunctionUrl",
        Principal: "*",
        FunctionUrlAuthType: AuthType,
      }),
    );
    expect((await fetch(FunctionUrl)).status).toBe(AuthType === "NONE" ? 200 : 403);
    const signed = {
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/lambda/aws4_request, Signature=0`,
    };
    expect((await fetch(FunctionUrl, { headers: signed })).status).toBe(200);
  });
});
