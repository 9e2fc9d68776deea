/** Calls as clients make them, from which bad ones are made. */
export interface SeedCall {
  readonly service: string;
  readonly target: string;
  readonly input: object;
}

const stream = { StreamName: "fired-at" };
const role = "arn:aws:iam::000000000000:role/any";

/** Of the services that have their operations in `X-Amz-Target`. */
export const targetCalls: readonly SeedCall[] = [
  call("kinesis", "Kinesis_20131202.CreateStream", { ...stream, ShardCount: 1 }),
  call("kinesis", "Kinesis_20131202.PutRecord", { ...stream, Data: "eA==", PartitionKey: "k", ExplicitHashKey: "0" }),
  call("kinesis", "Kinesis_20131202.PutRecords", { ...stream, Records: [{ Data: "eA==", PartitionKey: "k" }] }),
  call("kinesis", "Kinesis_20131202.GetShardIterator", {
    ...stream,
    ShardId: "shardId-000000000000",
    ShardIteratorType: "AT_TIMESTAMP",
    Timestamp: 1_700_000_000,
    StartingSequenceNumber: "1",
  }),
  call("kinesis", "Kinesis_20131202.GetRecords", { ShardIterator: "AAAA", Limit: 1 }),
  call("kinesis", "Kinesis_20131202.ListShards", { ...stream, NextToken: "x", ShardFilter: { Type: "AT_LATEST" } }),
  call("kinesis", "Kinesis_20131202.SplitShard", {
    ...stream,
    ShardToSplit: "shardId-000000000000",
    NewStartingHashKey: "170141183460469231731687303715884105728",
  }),
  call("kinesis", "Kinesis_20131202.SubscribeToShard", {
    ConsumerARN: "arn:aws:kinesis:us-east-1:000000000000:stream/fired-at/consumer/app:1700000000",
    ShardId: "shardId-000000000000",
    StartingPosition: { Type: "AT_TIMESTAMP", Timestamp: 1_700_000_000, SequenceNumber: "1" },
  }),
  call("kinesis", "Kinesis_20131202.AddTagsToStream", { ...stream, Tags: { a: "b" } }),
  call("logs", "Logs_20140328.CreateLogGroup", { logGroupName: "fired-at", tags: { a: "b" } }),
  call("logs", "Logs_20140328.PutLogEvents", {
    logGroupName: "fired-at",
    logStreamName: "s",
    logEvents: [{ timestamp: 1_700_000_000_000, message: "m" }],
  }),
  call("logs", "Logs_20140328.FilterLogEvents", {
    logGroupName: "fired-at",
    filterPattern: '"a" -b ?c',
    nextToken: "n",
  }),
  call("dynamodb", "DynamoDB_20120810.CreateTable", {
    TableName: "fired-at",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  }),
  call("dynamodb", "DynamoDB_20120810.PutItem", {
    TableName: "fired-at",
    Item: { id: { S: "1" }, n: { N: "1e10" }, l: { L: [{ M: { b: { B: "eA==" } } }] }, s: { NS: ["1", "2"] } },
    ConditionExpression: "attribute_not_exists(#i) AND :v > :v",
    ExpressionAttributeNames: { "#i": "id" },
    ExpressionAttributeValues: { ":v": { N: "1" } },
  }),
  call("dynamodb", "DynamoDB_20120810.UpdateItem", {
    TableName: "fired-at",
    Key: { id: { S: "1" } },
    UpdateExpression: "SET a.b[0] = if_not_exists(c, :v) + :v REMOVE d ADD e :v",
    ExpressionAttributeValues: { ":v": { N: "1" } },
  }),
  call("dynamodb", "DynamoDB_20120810.Query", {
    TableName: "fired-at",
    KeyConditionExpression: "id = :v",
    FilterExpression: "contains(a, :v) OR size(b) BETWEEN :v AND :v",
    ExpressionAttributeValues: { ":v": { S: "1" } },
    ExclusiveStartKey: { id: { S: "1" } },
  }),
  call("dynamodb", "DynamoDB_20120810.TransactWriteItems", {
    TransactItems: [{ Put: { TableName: "fired-at", Item: { id: { S: "2" } } } }],
  }),
  call("dynamodb", "DynamoDBStreams_20120810.GetRecords", { ShardIterator: "x", Limit: 1 }),
  call("sqs", "AmazonSQS.CreateQueue", { QueueName: "fired-at", Attributes: { VisibilityTimeout: "1" } }),
  call("sqs", "AmazonSQS.SendMessage", {
    QueueUrl: "http://localhost/000000000000/fired-at",
    MessageBody: "m",
    DelaySeconds: 0,
    MessageAttributes: { a: { DataType: "Binary", BinaryValue: "eA==" } },
  }),
  call("sqs", "AmazonSQS.SendMessageBatch", {
    QueueUrl: "http://localhost/000000000000/fired-at",
    Entries: [{ Id: "1", MessageBody: "m" }],
  }),
  call("sqs", "AmazonSQS.ReceiveMessage", {
    QueueUrl: "http://localhost/_world/none/000000000000/fired-at",
    MaxNumberOfMessages: 1,
  }),
];

/** Of Lambda, whose operations are in paths: `<method> <path>`. */
export const lambdaCalls: readonly SeedCall[] = [
  call("lambda", "POST /2015-03-31/functions", {
    FunctionName: "fired-at",
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: role,
    Timeout: 3,
    Environment: { Variables: { A: "b" } },
    Code: { ZipFile: "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==" },
  }),
  call("lambda", "PUT /2015-03-31/functions/fired-at/configuration", { Timeout: 3, Layers: [], VpcConfig: {} }),
  call("lambda", "POST /2015-03-31/event-source-mappings", {
    EventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/fired-at",
    FunctionName: "fired-at",
    StartingPosition: "TRIM_HORIZON",
    BatchSize: 10,
    FilterCriteria: { Filters: [{ Pattern: '{"data":{"a":[{"numeric":[">",1]}]}}' }] },
    DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:us-east-1:000000000000:fired-at" } },
  }),
  call("lambda", "POST /2015-03-31/functions/fired-at/invocations", { any: ["event"] }),
  call("lambda", "POST /2021-11-15/functions/fired-at/response-streaming-invocations", { any: ["event"] }),
  call("lambda", "POST /2015-03-31/functions/fired-at/aliases", {
    Name: "a",
    FunctionVersion: "1",
    RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } },
  }),
  call("lambda", "POST /2015-03-31/functions/fired-at/policy", {
    StatementId: "s",
    Action: "lambda:InvokeFunction",
    Principal: "*",
  }),
  call("lambda", "POST /2021-10-31/functions/fired-at/url", { AuthType: "NONE", Cors: { AllowOrigins: ["*"] } }),
  call("lambda", "POST /2017-03-31/tags/arn:aws:lambda:us-east-1:000000000000:function:fired-at", { Tags: { a: "b" } }),
];

function call(service: string, target: string, input: object): SeedCall {
  return { service, target, input };
}
