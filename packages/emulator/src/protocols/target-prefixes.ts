/** How `X-Amz-Target` begins for the services that are called by it. */
export const targetPrefixes = {
  kinesis: "Kinesis_20131202",
  logs: "Logs_20140328",
  dynamodb: "DynamoDB_20120810",
  dynamodbstreams: "DynamoDBStreams_20120810",
} as const;
