import { readFileSync } from "node:fs";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CreateStreamCommand, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import type { KinesisClient } from "@aws-sdk/client-kinesis";
import { CreateEventSourceMappingCommand, CreateFunctionCommand } from "@aws-sdk/client-lambda";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { zipSync } from "fflate";

/** The clients of a real application, with their default settings. */
export interface MainJobClients {
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  readonly logs: CloudWatchLogsClient;
}

export interface Order {
  readonly id: number;
  readonly customer: string;
  readonly poison?: true;
}

export const names = { stream: "orders", queue: "orders-dlq", function: "orders-fn" } as const;

/** Far apart, so that no two of them are neighbours in a shard. */
export const poisonIds: readonly number[] = [23, 101, 178];

/** 200 orders of 20 customers; a customer's orders share a partition key. */
export const orders: readonly Order[] = Array.from({ length: 200 }, (_, id) => {
  const order = { id, customer: `customer-${id % 20}` };
  return poisonIds.includes(id) ? { ...order, poison: true } : order;
});

/** Makes the stream, the function, its dead-letter queue and the mapping between them. */
export async function setUpMainJob({ kinesis, lambda, sqs }: MainJobClients): Promise<void> {
  await kinesis.send(new CreateStreamCommand({ StreamName: names.stream, ShardCount: 2 }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: names.queue }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  const code = readFileSync(new URL("./function/index.mjs", import.meta.url));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: names.function,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: "arn:aws:iam::000000000000:role/orders",
      Code: { ZipFile: zipSync({ "index.mjs": code }) },
    }),
  );
  await lambda.send(
    new CreateEventSourceMappingCommand({
      EventSourceArn: `arn:aws:kinesis:us-east-1:000000000000:stream/${names.stream}`,
      FunctionName: names.function,
      StartingPosition: "TRIM_HORIZON",
      BatchSize: 50,
      MaximumRetryAttempts: 2,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: Attributes?.["QueueArn"] } },
    }),
  );
}

export async function putOrders({ kinesis }: MainJobClients): Promise<void> {
  const Records = orders.map((order) => ({
    Data: Buffer.from(JSON.stringify(order)),
    PartitionKey: order.customer,
  }));
  await kinesis.send(new PutRecordsCommand({ StreamName: names.stream, Records }));
}

/** The ids of the orders in the order in which the function processed them, by what it wrote to its log. */
export async function processedIds({ logs }: MainJobClients): Promise<number[]> {
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${names.function}`, filterPattern: "processed" }),
  );
  return events.flatMap(({ message = "" }) => {
    const line: { processed: number[] } = JSON.parse(message.slice(message.indexOf("{")));
    return line.processed;
  });
}
