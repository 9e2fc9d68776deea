import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";

const processor = new BatchProcessor(EventType.SQS);

const processRecord = async ({ body, attributes }) => {
  const { id, fail, times = Infinity } = JSON.parse(body);
  if (fail !== undefined && Number(attributes.ApproximateReceiveCount) <= times) throw new Error(`job ${id} failed`);
  console.log(JSON.stringify({ done: id }));
};

/** As the documentation of Powertools for AWS Lambda writes it. */
export const handler = async (event, context) => {
  console.log(JSON.stringify({ batch: event.Records.map(({ body }) => JSON.parse(body).id) }));
  return processPartialResponse(event, processRecord, processor, { context });
};
