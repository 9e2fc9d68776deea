import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";

const processor = new BatchProcessor(EventType.KinesisDataStreams);
const tries = new Map();

const processRecord = async ({ kinesis }) => {
  const { id, fail, times = Infinity } = JSON.parse(Buffer.from(kinesis.data, "base64").toString());
  tries.set(id, (tries.get(id) ?? 0) + 1);
  if (fail === "throw" && tries.get(id) <= times) throw new Error(`order ${id} cannot be processed`);
  console.log(JSON.stringify({ done: id }));
};

/** As the documentation of Powertools for AWS Lambda writes it. */
export const handler = async (event, context) => {
  const batch = event.Records.map(({ kinesis }) => JSON.parse(Buffer.from(kinesis.data, "base64").toString()).id);
  console.log(JSON.stringify({ batch }));
  return processPartialResponse(event, processRecord, processor, { context });
};
