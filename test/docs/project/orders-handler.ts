// #region handler
import type { KinesisEvent } from "@localemu/testkit";

/** Takes the orders of a batch; one that is no order fails all of it. */
export async function handler({ Records }: KinesisEvent): Promise<void> {
  for (const { kinesis } of Records) {
    const order = JSON.parse(Buffer.from(kinesis.data, "base64").toString());
    if (typeof order.id !== "number") throw new TypeError(`not an order: ${JSON.stringify(order)}`);
  }
}
// #endregion

// #region reporting
/** The same; but it says which record failed. */
export async function reportingHandler({ Records }: KinesisEvent) {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const record of Records) {
    try {
      await handler({ Records: [record] });
    } catch {
      batchItemFailures.push({ itemIdentifier: record.kinesis.sequenceNumber });
      break;
    }
  }
  return { batchItemFailures };
}
// #endregion
