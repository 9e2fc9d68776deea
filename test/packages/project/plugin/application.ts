import { CreateStreamCommand, KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";

/** Code of a user's that knows nothing of LocalEmu. */
const kinesis = new KinesisClient({});

export async function keep(order: object): Promise<void> {
  await kinesis.send(
    new PutRecordCommand({ StreamName: "orders", PartitionKey: "k", Data: Buffer.from(JSON.stringify(order)) }),
  );
}

export async function createOrders(): Promise<void> {
  await kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
}
