import * as logsClient from "@aws-sdk/client-cloudwatch-logs";
import * as dynamoDbClient from "@aws-sdk/client-dynamodb";
import * as dynamoDbStreamsClient from "@aws-sdk/client-dynamodb-streams";
import * as iamClient from "@aws-sdk/client-iam";
import * as kinesisClient from "@aws-sdk/client-kinesis";
import * as lambdaClient from "@aws-sdk/client-lambda";
import * as stsClient from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { notImplemented as dynamoDb } from "../packages/emulator/src/services/dynamodb/not-implemented.ts";
import { notImplemented as iam } from "../packages/emulator/src/services/iam/not-implemented.ts";
import { notImplemented as identity } from "../packages/emulator/src/services/identity/not-implemented.ts";
import { notImplemented as kinesis } from "../packages/emulator/src/services/kinesis/not-implemented.ts";
import { notImplemented as lambda } from "../packages/emulator/src/services/lambda/not-implemented.ts";
import { notImplemented as logs } from "../packages/emulator/src/services/logs/not-implemented.ts";

interface Service {
  readonly name: string;
  readonly client: object;
  readonly declined: Readonly<Record<string, string>>;
  /** What the operations do not show. */
  readonly notes: readonly string[];
}

const services: readonly Service[] = [
  {
    name: "Kinesis Data Streams",
    client: kinesisClient,
    declined: kinesis,
    notes: [
      "Streams keep records for their retention period of world time; what is older is gone, and so are the closed shards that held it.",
      "The shards that come of a split or a merge take the records at once; as on AWS their sequence numbers begin in the second after their parents' end.",
      "Encryption, enhanced monitoring, warm throughput and resource policies are kept and told; nothing is encrypted or measured, and nobody is denied anything, unless [ENFORCE_IAM](authorization.md) is set.",
      "JSON (`application/x-amz-json-1.1`), CBOR (`application/x-amz-cbor-1.1`, as the Java SDK and KCL speak it) and Smithy RPC v2 CBOR, over HTTP/1.1 and HTTP/2.",
      "Subscriptions (SubscribeToShard) push records as they are put; their five minutes, the five seconds in which nobody can take one over and those after which an event without records is sent are world time.",
      "Throughput is not limited unless asked for (`LOCALEMU_KINESIS_THROUGHPUT_LIMITS`); then no second of world time, wherever it begins, has more than AWS's limits in each shard: 1000 records and 1 MiB in, five reads and 2 MiB out, and 2 MiB to each consumer that subscribes. A record or an answer that is larger than that counts for as long as it takes.",
      "How often operations are called in a second is not limited (AWS allows 5 calls of CreateStream, 10 of DescribeStream, and so on): `Rate exceeded for stream …` comes of [faults](control-api.md#faults) alone. Nor do the errors of KMS come otherwise: any key is taken.",
      "A stream is resized ten times, switched twice between its modes and given a key 25 times in 24 hours of world time, as on AWS; the text of the refusal is not AWS's.",
    ],
  },
  {
    name: "DynamoDB",
    client: dynamoDbClient,
    declined: dynamoDb,
    notes: [
      "Items, expressions, indexes and their errors are [dynalite](https://github.com/architect/dynalite)'s, and [kept](persistence.md) with a data directory: see [decision 0003](decisions/0003-tables-from-dynalite.md). With `DYNAMODB_ENDPOINT` they are another server's.",
      "Tables are ready when their call is answered. Indexes are made with their table: UpdateTable that creates or deletes one is declined. Capacity is told, not limited; encryption, table class and deletion protection have no effect.",
      "PutItem, UpdateItem, DeleteItem, BatchWriteItem, TransactWriteItems and expiry are records of the table's stream, of all four view types; a write that changes nothing is none. UpdateTable switches the stream on and off.",
      "TransactWriteItems does all of its writes or none; its ClientRequestToken is not looked at: a call that is repeated is done again. `ReturnValuesOnConditionCheckFailure` has an effect in transactions alone.",
      "Items whose time to live has passed on the world's clock are deleted at once, by the service's identity; AWS takes up to some days.",
    ],
  },
  {
    name: "DynamoDB Streams",
    client: dynamoDbStreamsClient,
    declined: {},
    notes: [
      "A stream has one shard, keeps records for 24 hours of world time, and can be read for as long after it was switched off or its table was deleted. ShardFilter finds nothing: no shard has children.",
    ],
  },
  {
    name: "Lambda",
    client: lambdaClient,
    declined: lambda,
    notes: [
      "Functions of `nodejs18.x`, `nodejs20.x`, `nodejs22.x` and `nodejs24.x` from a zip or from S3; all run on the emulator's Node.js, with the rules of the runtime that they name. Functions of `python3.*` run on the machine's `python3`, by a client of LocalEmu's own; the image has none, [python-runtime.md](python-runtime.md) shows one that has. Functions of `provided.al2023` and `provided.al2` run their own `bootstrap` on the emulator's machine, in the directory `LAMBDA_TASK_ROOT` (not `/var/task`). With a [Docker engine](image-functions.md#where-the-engine-is-used) these and all other runtimes that AWS offers run in containers of AWS's base images, and functions can be container images: see [image-functions.md](image-functions.md).",
      "Event source mappings of Kinesis streams, DynamoDB tables' streams and SQS queues; parameters, states and errors are in [specs/event-source-mapping.md](specs/event-source-mapping.md). Tumbling windows are in [specs/stream-consumer.md](specs/stream-consumer.md#tumbling-windows). Consumers that are registered for enhanced fan-out are sources like streams. Other sources are declined by an error that names them.",
      "Functions are Pending, Active, Inactive or Failed, and the waiters of AWS's SDKs follow them. Pending and updates InProgress last until the next turn, or while an image is pulled; a function that is an image, or its update, is Failed where that cannot be had: AWS refuses the call if there is no such image. An update to a runtime whose base image must be pulled waits in the call. A function with a `VpcConfig`, or that is an image, is Inactive when nobody has invoked it for 14 days of world time; the next invocation fails and has it Active again, at once or when its image is pulled. That time begins anew when a kept world starts.",
      "Versions and aliases: each version keeps its code and settings and has environments of its own; an alias may give a part of its invocations to a second version, by chance. `Code.Location` of GetFunction leads to the zip as it was uploaded, on the emulator, for as long as a version has it.",
      "1000 invocations at once in an account and region, of which functions may reserve all but 100; what is above that is throttled with AWS's reasons and `Retry-After: 1`. Nothing limits how many invocations there are in a second.",
      "Responses are streamed as they are made, by `InvokeWithResponseStream` and function URLs: see [streaming.md](streaming.md). URLs of AuthType `AWS_IAM` are served like those of `NONE`, unless [ENFORCE_IAM](authorization.md) is set.",
      "`InvocationType: Event` with AWS's retries, ages, dead-letter targets and destinations (queues, topics, buckets, functions), on world time: see [specs/asynchronous-invocation.md](specs/asynchronous-invocation.md). Event buses are declined by an error that names them.",
      "Code of the bucket `hot-reload` is the directory that the key names, on the emulator's machine: it is not copied, and an invocation after a change of its files (but for `node_modules`), or of those that links in it lead to, runs in a new environment.",
      "`TracingConfig` and `X-Amzn-Trace-Id` decide whether a trace is sampled, and functions see its id. There is no X-Ray daemon: nothing answers at the `AWS_XRAY_DAEMON_ADDRESS` that functions have, and segments that they send are lost.",
      "Layers of the account's own: a function finds what its layers have where `/opt` would be, of files of one name the last layer's. What is unpacked of code and layers may be 250 MB together.",
      "Provisioned concurrency of versions and aliases: so many environments, each a process or a container, are initialized before anybody invokes, replaced when they end, and used first. Scaling it by a schedule or by use is not offered.",
      "Policies of functions and layers and runtime management are kept and told: nobody is denied anything, unless [ENFORCE_IAM](authorization.md) is set, which asks policies of functions alone, and each runtime has one version.",
      "Functions that are processes are not isolated from each other or from the emulator beyond that, unless each environment has a user of its own (`LOCALEMU_FUNCTION_USERS`, [configuration.md](configuration.md)); with a Docker engine they are [containers](image-functions.md).",
      "Each environment has a directory of its own with its code (`LAMBDA_TASK_ROOT`), its layers and what stands for `/tmp`. The files of code and layers are read-only, but new ones can be made beside them, which fails on AWS; not with `functionUsers`. A function that makes them writable, or that runs as root, which the image does not by default, can write to them, and does so for the other environments of the version as well.",
      "`MemorySize` limits the heap of Node.js, and containers; what other processes take (`provided.*`, Python, native memory) is told in REPORT, not limited.",
      "Settings that are declined by an error that names them: `FileSystemConfigs`, `TenancyConfig` and `TenantId`, `CodeSigningConfigArn`, `DurableConfig` and `DurableExecutionName`, `CapacityProviderConfig`, `PublishTo`; and layers where one has a file and another a directory of the same name.",
      "Settings that are kept and told, without another effect: `KMSKeyArn`, `VpcConfig` (there are no networks; but see Inactive), `EphemeralStorage` (nothing limits `/tmp`), `Architectures` (the machine's runs), `SnapStart` (nothing is snapshotted: versions are initialized on demand, and hooks are not called).",
      "A zip may have 100,000 files and directories.",
      "AWS's Node.js runtimes have the AWS SDK for JavaScript installed, LocalEmu has not: see [node-runtime.md](node-runtime.md#the-aws-sdk). Python's `boto3` is there if that Python has it.",
    ],
  },
  {
    name: "CloudWatch Logs",
    client: logsClient,
    declined: logs,
    notes: [
      "Each log stream keeps its newest 8 MiB; the retention of a group is kept and told, and nothing expires. Filter patterns of terms and phrases; JSON and space-delimited patterns are declined.",
    ],
  },
  {
    name: "IAM",
    client: iamClient,
    declined: iam,
    notes: [
      "Roles and managed policies, as tools make them before functions: kept and told. A function's role need not exist, and nobody is denied anything, unless [ENFORCE_IAM](authorization.md) is set. AWS's own policies can be attached to roles, as any ARN can, but not read.",
    ],
  },
  {
    name: "STS",
    client: stsClient,
    declined: identity,
    notes: ["Nobody is denied anything, unless [ENFORCE_IAM](authorization.md) is set."],
  },
];

const messaging = [
  "## SQS, SNS, S3",
  "",
  "Served by [fauxqs](https://github.com/kibertoad/fauxqs) in world time: visibility time-outs, delays, retention and long polls follow a virtual clock. See [decision 0001](decisions/0001-messaging-from-fauxqs.md).",
  "",
  "- SQS speaks its JSON protocol only; SDKs from before the end of 2023 are told so.",
  "- SNS delivers to SQS, and invokes functions (asynchronously, with AWS's event; who may is not looked at). `MessageStructure` has an effect in Publish alone, not in PublishBatch.",
  "- S3 notifies functions, queues and topics of objects that are created and deleted, with filters and the test event. Event buses are declined by an error that names them. There are no versions, policies, tags or CORS: reading them tells that nothing is set, and setting them is declined.",
];

/** Names of the operations that a client has commands for. */
function operationsOf(client: object): string[] {
  const commands = Object.keys(client).flatMap((name) => /^([A-Z]\w*)Command$/.exec(name)?.[1] ?? []);
  return commands.toSorted();
}

function section({ name, client, declined, notes }: Service): string[] {
  const operations = operationsOf(client);
  const implemented = operations.filter((operation) => !Object.hasOwn(declined, operation));
  const rows = operations.flatMap((operation) => {
    const reason = declined[operation];
    return reason === undefined ? [] : [`| ${operation} | ${reason} |`];
  });
  return [
    `## ${name}`,
    "",
    `${implemented.length} of ${operations.length} operations: ${implemented.join(", ")}.`,
    "",
    ...notes.map((note) => `- ${note}`),
    "",
    "| declined | because |",
    "|---|---|",
    ...rows,
    "",
  ];
}

test("the compatibility page says what the code does", async () => {
  const page = [
    "# Compatibility",
    "",
    "What is emulated, and what is declined and why. A declined operation answers `NotImplementedException` (501), `not implemented by LocalEmu: <operation>`, with the reason; so does a service that is not here. CDK, SAM and the Serverless Framework deploy through CloudFormation, which is not here; Terraform calls the services themselves, see [migrating-from-localstack.md](migrating-from-localstack.md#tools). This page is written by a test.",
    "",
    ...services.flatMap(section),
    ...messaging,
    "",
  ];
  await expect(page.join("\n")).toMatchFileSnapshot("../docs/compatibility.md");
});
