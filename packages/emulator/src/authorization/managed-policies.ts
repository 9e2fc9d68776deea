import type { Policy } from "./policy.ts";

const logs = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

/**
 * Policies of AWS's own, by the end of their ARN, as the actions that they allow for every resource.
 * AWS: for Lambda's roles all there is; of the others what concerns the services that are here (AWS managed policy reference).
 */
const managed: ReadonlyMap<string, readonly string[]> = new Map([
  ["service-role/AWSLambdaBasicExecutionRole", logs],
  [
    "service-role/AWSLambdaKinesisExecutionRole",
    [
      "kinesis:DescribeStream",
      "kinesis:DescribeStreamSummary",
      "kinesis:GetRecords",
      "kinesis:GetShardIterator",
      "kinesis:ListShards",
      "kinesis:ListStreams",
      "kinesis:SubscribeToShard",
      ...logs,
    ],
  ],
  [
    "service-role/AWSLambdaDynamoDBExecutionRole",
    ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams", ...logs],
  ],
  [
    "service-role/AWSLambdaSQSQueueExecutionRole",
    ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", ...logs],
  ],
  ["service-role/AWSLambdaRole", ["lambda:InvokeFunction"]],
  ["AdministratorAccess", ["*"]],
  ["AmazonKinesisFullAccess", ["kinesis:*"]],
  ["AmazonKinesisReadOnlyAccess", ["kinesis:Get*", "kinesis:List*", "kinesis:Describe*"]],
  ["AmazonSQSFullAccess", ["sqs:*"]],
  ["AmazonSNSFullAccess", ["sns:*"]],
  ["AmazonS3FullAccess", ["s3:*"]],
  ["AmazonDynamoDBFullAccess", ["dynamodb:*", "kinesis:ListStreams", "kinesis:DescribeStream"]],
  ["AWSLambda_FullAccess", ["lambda:*"]],
]);

const arnPattern = /^arn:aws[a-z-]*:iam::aws:policy\/(.+)$/;

/** AWS's policy of that ARN; undefined for one that is not known here. */
export function managedPolicy(arn: string): Policy | undefined {
  const actions = managed.get(arnPattern.exec(arn)?.[1] ?? "");
  return (
    actions && {
      problems: [],
      statements: [
        {
          sid: undefined,
          effect: "Allow",
          principals: undefined,
          actions: { not: false, patterns: actions },
          resources: { not: false, patterns: ["*"] },
          conditions: [],
        },
      ],
    }
  );
}
