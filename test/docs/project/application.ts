import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";

const kinesis = new KinesisClient({});

/** Code of a user's: it knows nothing of LocalEmu. */
export async function placeOrder(order: { id: number }): Promise<void> {
  const Data = Buffer.from(JSON.stringify(order));
  await kinesis.send(new PutRecordCommand({ StreamName: "placed-orders", PartitionKey: String(order.id), Data }));
}
