import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";

const processor = new BatchProcessor(EventType.DynamoDBStreams);
const tries = new Map();

const processRecord = async ({ dynamodb }) => {
  const { id, fail, times } = dynamodb.NewImage;
  tries.set(id.N, (tries.get(id.N) ?? 0) + 1);
  if (fail?.S === "throw" && tries.get(id.N) <= Number(times?.N ?? Infinity))
    throw new Error(`order ${id.N} cannot be processed`);
  console.log(JSON.stringify({ done: Number(id.N) }));
};

/** As the documentation of Powertools for AWS Lambda writes it. */
export const handler = async (event, context) => {
  console.log(JSON.stringify({ batch: event.Records.map(({ dynamodb }) => Number(dynamodb.NewImage.id.N)) }));
  return processPartialResponse(event, processRecord, processor, { context });
};
