import * as iam from "@aws-sdk/client-iam";
import * as kinesis from "@aws-sdk/client-kinesis";
import * as lambda from "@aws-sdk/client-lambda";
import * as sqs from "@aws-sdk/client-sqs";
import * as sts from "@aws-sdk/client-sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { zipOf } from "../lambda/zips.ts";
import { startTestEmulator } from "./emulator.ts";
import type { TestEmulator } from "./emulator.ts";

// The calls that Terraform's provider for AWS (6) makes, in its order, by its public source: of an `aws_iam_role` with its policies,
// an `aws_kinesis_stream`, an `aws_sqs_queue`, an `aws_lambda_function` and an `aws_lambda_event_source_mapping`.

let server: TestEmulator;
let roles: iam.IAMClient;

beforeAll(async () => {
  server = await startTestEmulator();
  roles = new iam.IAMClient(server.emu.getClientConfig());
});

afterAll(async () => {
  roles.destroy();
  await server[Symbol.asyncDispose]();
});

const account = "000000000000";
const tags = { team: "orders" };
const RoleName = "orders";
const StreamName = "orders";
const FunctionName = "orders";
const PolicyName = "reads";
const PolicyArn = "arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole";
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" } }],
});
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Action: ["kinesis:*"], Effect: "Allow", Resource: "*" }],
});
const streamArn = `arn:aws:kinesis:us-east-1:${account}:stream/orders`;
const queueArn = `arn:aws:sqs:us-east-1:${account}:orders-dead`;
const attributes = {
  DelaySeconds: "0",
  MaximumMessageSize: "262144",
  MessageRetentionPeriod: "1209600",
  ReceiveMessageWaitTimeSeconds: "0",
  SqsManagedSseEnabled: "true",
  VisibilityTimeout: "60",
  Policy: policy,
};
const settings = {
  Description: "handles orders",
  Handler: "index.handler",
  MemorySize: 256,
  Role: `arn:aws:iam::${account}:role/orders`,
  Runtime: "nodejs24.x",
  Timeout: 10,
  Environment: { Variables: { TABLE: "orders" } },
  EphemeralStorage: { Size: 512 },
  TracingConfig: { Mode: "PassThrough" },
  LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "INFO", SystemLogLevel: "WARN" },
} as const;
const mapped = {
  EventSourceArn: streamArn,
  StartingPosition: "LATEST",
  BatchSize: 50,
  BisectBatchOnFunctionError: true,
  MaximumBatchingWindowInSeconds: 5,
  MaximumRecordAgeInSeconds: 3600,
  MaximumRetryAttempts: 2,
  ParallelizationFactor: 2,
  FunctionResponseTypes: ["ReportBatchItemFailures"],
  DestinationConfig: { OnFailure: { Destination: queueArn } },
} satisfies Partial<lambda.CreateEventSourceMappingRequest>;

/** What the provider keeps to find things again. */
interface Ids {
  readonly QueueUrl: string;
  readonly UUID: string;
}

async function apply(): Promise<Ids> {
  const caller = await server.sts.send(new sts.GetCallerIdentityCommand());
  expect(caller.Account).toBe(account);

  await roles.send(
    new iam.CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: trust,
      MaxSessionDuration: 3600,
      Path: "/",
      Tags: [{ Key: "team", Value: "orders" }],
    }),
  );
  await roles.send(new iam.PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: policy }));
  await roles.send(new iam.AttachRolePolicyCommand({ RoleName, PolicyArn }));

  // While it plans, the provider looks whether there is room for another stream.
  const limits = await server.kinesis.send(new kinesis.DescribeLimitsCommand());
  expect(limits.ShardLimit).toBeGreaterThan(limits.OpenShardCount ?? Infinity);
  await server.kinesis.send(
    new kinesis.CreateStreamCommand({
      StreamName,
      ShardCount: 2,
      StreamModeDetails: { StreamMode: "PROVISIONED" },
      Tags: tags,
    }),
  );
  await becomes("ACTIVE");
  // It asks for the period also where that is the stream's already.
  for (const RetentionPeriodHours of [24, 48]) {
    await server.kinesis.send(new kinesis.IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours }));
    await becomes("ACTIVE");
  }
  const ShardLevelMetrics = ["IncomingBytes" as const];
  await server.kinesis.send(new kinesis.EnableEnhancedMonitoringCommand({ StreamName, ShardLevelMetrics }));
  await becomes("ACTIVE");

  const { QueueUrl = "" } = await server.sqs.send(
    new sqs.CreateQueueCommand({ QueueName: "orders-dead", Attributes: attributes, tags }),
  );
  await server.lambda.send(
    new lambda.CreateFunctionCommand({
      ...settings,
      FunctionName,
      PackageType: "Zip",
      Publish: true,
      Architectures: ["x86_64"],
      Code: { ZipFile: zipOf({ "index.js": "exports.handler = async () => 1;" }) },
      Tags: tags,
    }),
  );
  await server.emu.idle();
  await server.lambda.send(new lambda.PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 5 }));
  const { UUID = "" } = await server.lambda.send(
    new lambda.CreateEventSourceMappingCommand({ ...mapped, FunctionName, Enabled: true, Tags: tags }),
  );
  await server.emu.idle();
  return { QueueUrl, UUID };
}

async function becomes(status: string): Promise<void> {
  await server.emu.idle();
  const { StreamDescriptionSummary } = await server.kinesis.send(
    new kinesis.DescribeStreamSummaryCommand({ StreamName }),
  );
  expect(StreamDescriptionSummary?.StreamStatus).toBe(status);
}

/** What the provider reads, and compares with the configuration. */
async function refresh({ QueueUrl, UUID }: Ids) {
  const { Role } = await roles.send(new iam.GetRoleCommand({ RoleName }));
  const { PolicyNames } = await roles.send(new iam.ListRolePoliciesCommand({ RoleName }));
  const { PolicyDocument } = await roles.send(new iam.GetRolePolicyCommand({ RoleName, PolicyName }));
  const { AttachedPolicies } = await roles.send(new iam.ListAttachedRolePoliciesCommand({ RoleName }));
  const { StreamDescriptionSummary: stream } = await server.kinesis.send(
    new kinesis.DescribeStreamSummaryCommand({ StreamName }),
  );
  const { Tags: streamTags } = await server.kinesis.send(
    new kinesis.ListTagsForResourceCommand({ ResourceARN: streamArn }),
  );
  const { Attributes } = await server.sqs.send(
    new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
  );
  const { Tags: queueTags } = await server.sqs.send(new sqs.ListQueueTagsCommand({ QueueUrl }));
  const fn = await server.lambda.send(new lambda.GetFunctionCommand({ FunctionName }));
  const { Versions } = await server.lambda.send(
    new lambda.ListVersionsByFunctionCommand({ FunctionName, MaxItems: 10_000 }),
  );
  const { CodeSigningConfigArn } = await server.lambda.send(
    new lambda.GetFunctionCodeSigningConfigCommand({ FunctionName }),
  );
  const mapping = await server.lambda.send(new lambda.GetEventSourceMappingCommand({ UUID }));
  const { Tags: mappingTags } = await server.lambda.send(
    new lambda.ListTagsCommand({ Resource: mapping.EventSourceMappingArn }),
  );
  return {
    role: { ...Role, AssumeRolePolicyDocument: decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "") },
    inline: { names: PolicyNames, document: decodeURIComponent(PolicyDocument ?? "") },
    attached: AttachedPolicies,
    stream,
    streamTags,
    queue: Attributes,
    queueTags,
    fn,
    latest: Versions?.at(-1)?.Version,
    signing: CodeSigningConfigArn ?? "",
    mapping,
    mappingTags,
  };
}

async function destroy({ QueueUrl, UUID }: Ids): Promise<void> {
  await server.lambda.send(new lambda.DeleteEventSourceMappingCommand({ UUID }));
  await server.emu.idle();
  const gone = { name: "ResourceNotFoundException" };
  await expect(server.lambda.send(new lambda.GetEventSourceMappingCommand({ UUID }))).rejects.toMatchObject(gone);
  await server.lambda.send(new lambda.DeleteFunctionCommand({ FunctionName }));
  await expect(server.lambda.send(new lambda.GetFunctionCommand({ FunctionName }))).rejects.toMatchObject(gone);
  await server.sqs.send(new sqs.DeleteQueueCommand({ QueueUrl }));
  const read = new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
  await expect(server.sqs.send(read)).rejects.toMatchObject({ name: "QueueDoesNotExist" });
  await server.kinesis.send(new kinesis.DeleteStreamCommand({ StreamName, EnforceConsumerDeletion: false }));
  await server.emu.idle();
  const describe = new kinesis.DescribeStreamSummaryCommand({ StreamName });
  await expect(server.kinesis.send(describe)).rejects.toMatchObject(gone);
  await roles.send(new iam.DetachRolePolicyCommand({ RoleName, PolicyArn }));
  await roles.send(new iam.DeleteRolePolicyCommand({ RoleName, PolicyName }));
  const { InstanceProfiles } = await roles.send(new iam.ListInstanceProfilesForRoleCommand({ RoleName }));
  expect(InstanceProfiles).toEqual([]);
  await roles.send(new iam.DeleteRoleCommand({ RoleName }));
  await expect(roles.send(new iam.GetRoleCommand({ RoleName }))).rejects.toMatchObject({
    name: "NoSuchEntityException",
  });
}

test("what Terraform makes is read as it was configured, and destroyed", async () => {
  const ids = await apply();
  const state = await refresh(ids);
  expect(state).toMatchObject({
    role: {
      AssumeRolePolicyDocument: trust,
      MaxSessionDuration: 3600,
      Path: "/",
      Tags: [{ Key: "team", Value: "orders" }],
    },
    inline: { names: [PolicyName], document: policy },
    attached: [{ PolicyArn }],
    stream: {
      StreamARN: streamArn,
      OpenShardCount: 2,
      RetentionPeriodHours: 48,
      EncryptionType: "NONE",
      StreamModeDetails: { StreamMode: "PROVISIONED" },
      EnhancedMonitoring: [{ ShardLevelMetrics: ["IncomingBytes"] }],
    },
    streamTags: [{ Key: "team", Value: "orders" }],
    queue: { ...attributes, QueueArn: queueArn },
    queueTags: tags,
    fn: {
      Configuration: { ...settings, PackageType: "Zip", Architectures: ["x86_64"], State: "Active" },
      Concurrency: { ReservedConcurrentExecutions: 5 },
      Tags: tags,
    },
    latest: "1",
    signing: "",
    mapping: { ...mapped, State: "Enabled", FunctionArn: state.fn.Configuration?.FunctionArn },
    mappingTags: tags,
  });
  // Nothing changes by itself: the next plan is empty.
  const $metadata = expect.anything();
  expect(await refresh(ids)).toEqual({
    ...state,
    fn: { ...state.fn, $metadata },
    mapping: { ...state.mapping, $metadata },
  });
  // Its name, which is the last part of the URL's path, after the account's.
  expect(new URL(ids.QueueUrl).pathname.split("/")).toEqual(["", account, "orders-dead"]);
  await destroy(ids);
});
