import { CreateStreamCommand, PutRecordCommand } from "@aws-sdk/client-kinesis";
import {
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  PublishVersionCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import type { TimelineEntry } from "@localemu/control";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { failingZip, invokeEvent } from "../lambda/event-invoke-api.ts";
import { arnOf, createFunction } from "../lambda/lambda-api.ts";
import { zipOf } from "../lambda/zips.ts";
import { account, allow, createRole, deny, policyOf, putStatements, unlessSecure } from "./roles.ts";

const minute = 60_000;
const queue = `arn:aws:sqs:us-east-1:${account}:reports`;
const topic = `arn:aws:sns:us-east-1:${account}:reports`;
const bucket = "arn:aws:s3:::reports";
const fn = arnOf("reports");
/** Where reports go, by what permission, and the end of AWS's refusal. */
const destinations = [
  ["queue", queue, "sqs:SendMessage", `sqs:sendmessage on resource: ${queue}`],
  ["topic", topic, "sns:Publish", `SNS:Publish on resource: ${topic}`],
  ["bucket", bucket, "s3:PutObject", 's3:PutObject on resource: "arn:aws:s3:::reports/aws/lambda/'],
  ["function", fn, "lambda:InvokeFunction", `lambda:InvokeFunction on resource: ${fn}`],
] as const;
const throwing = zipOf({ "index.js": "exports.handler = async () => { throw new Error('no'); };" });
const reading = ["GetRecords", "GetShardIterator", "DescribeStream", "ListShards"].map((name) => `kinesis:${name}`);

let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ enforceIam: "1", clock: "frozen" });
  const Policy = policyOf({ ...unlessSecure(deny("sqs:*", queue)), Principal: "*" });
  await server.sqs.send(new CreateQueueCommand({ QueueName: "reports", Attributes: { Policy } }));
  await server.emu.createTopic("reports");
  await server.emu.createBucket("reports");
  await createFunction(server.lambda, "reports", { Role: await createRole(server, "reports") });
});

afterAll(() => server[Symbol.asyncDispose]());

type Report = Extract<TimelineEntry, { readonly destination: string }>;

/** What the timeline tells of reports since the test began. */
let reports: () => Promise<Report[]>;

beforeEach(async () => {
  const before = (await server.emu.timeline()).length;
  reports = async () =>
    (await server.emu.timeline()).slice(before).filter((entry): entry is Report => "destination" in entry);
});

const refusal = (role: string, name: string, what: string): string =>
  `User: arn:aws:sts::${account}:assumed-role/${role}/${name} is not authorized to perform: ${what}`;

test.each(destinations.slice(0, 3))(
  "a mapping reports to a %s if its function's role may",
  async (kind, Destination, action, refused) => {
    const name = `mapped-${kind}`;
    const { kinesis, lambda, emu } = server;
    await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
    const Role = await createRole(server, name, [allow(reading)]);
    await createFunction(lambda, name, { Role, Code: { ZipFile: throwing } });
    await emu.idle();
    const put = async () => {
      await kinesis.send(new PutRecordCommand({ StreamName: name, Data: Buffer.from("1"), PartitionKey: "p" }));
      await emu.clock.advance(minute);
    };
    await lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: name,
        EventSourceArn: `arn:aws:kinesis:us-east-1:${account}:stream/${name}`,
        StartingPosition: "TRIM_HORIZON",
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination } },
      }),
    );
    await put();
    expect(await reports()).toMatchObject([
      { type: "mapping.failureReportFailed", error: expect.stringContaining(refusal(name, name, refused)) },
    ]);
    await putStatements(emu, name, [allow(reading), allow(action, `${Destination}*`)]);
    await put();
    expect((await reports()).slice(1)).toMatchObject([{ type: "mapping.failureReported", destination: Destination }]);
  },
);

test.each(destinations)(
  "an event is reported to a %s if the function's role may",
  async (kind, Destination, action, refused) => {
    const name = `invoked-${kind}`;
    const { lambda, emu } = server;
    await createFunction(lambda, name, { Role: await createRole(server, name), Code: { ZipFile: throwing } });
    const DestinationConfig = { OnFailure: { Destination } };
    await lambda.send(
      new PutFunctionEventInvokeConfigCommand({ FunctionName: name, MaximumRetryAttempts: 0, DestinationConfig }),
    );
    await emu.idle();
    await invokeEvent(lambda, name, { fail: "no" });
    await emu.idle();
    expect(await reports()).toMatchObject([
      { type: "function.eventReportFailed", error: expect.stringContaining(refusal(name, name, refused)) },
    ]);
    await putStatements(emu, name, [allow(action, `${Destination}*`)]);
    await invokeEvent(lambda, name, { fail: "no" });
    await emu.idle();
    expect((await reports()).slice(1)).toMatchObject([{ type: "function.eventReported", destination: Destination }]);
  },
);

test("the role of the version that was invoked decides, for dead letters too", async () => {
  const { lambda, emu } = server;
  const FunctionName = "versioned";
  const may = await createRole(server, "may-send", [allow("sqs:SendMessage")]);
  const mayNot = await createRole(server, "may-not-send");
  await createFunction(lambda, FunctionName, {
    Role: may,
    Code: { ZipFile: failingZip },
    DeadLetterConfig: { TargetArn: queue },
  });
  await emu.idle();
  await lambda.send(new PublishVersionCommand({ FunctionName }));
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Role: mayNot }));
  await lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));
  await emu.idle();
  for (const qualifier of [undefined, "$LATEST", "1", "live"]) {
    await lambda.send(
      new PutFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: qualifier, MaximumRetryAttempts: 0 }),
    );
    await invokeEvent(lambda, FunctionName, { fail: "no" }, qualifier);
    await emu.idle();
  }
  const refused = {
    type: "function.eventReportFailed",
    error: expect.stringContaining(refusal("may-not-send", FunctionName, "sqs:sendmessage")),
  };
  const reported = { type: "function.eventReported", destination: queue };
  expect(await reports()).toMatchObject([refused, refused, reported, reported]);
});
