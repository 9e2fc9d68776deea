import { processPartialResponse, SqsFifoPartialProcessorAsync } from "@aws-lambda-powertools/batch";

const processor = new SqsFifoPartialProcessorAsync();

const processRecord = async ({ body, attributes }) => {
  const { id, fail, times = Infinity } = JSON.parse(body);
  if (fail !== undefined && Number(attributes.ApproximateReceiveCount) <= times) throw new Error(`job ${id} failed`);
  console.log(JSON.stringify({ done: id, group: attributes.MessageGroupId }));
};

/** After a failure it processes nothing more of the message's group, and reports all of that. */
export const handler = async (event, context) => {
  console.log(JSON.stringify({ batch: event.Records.map(({ body }) => JSON.parse(body).id) }));
  const skipGroupOnError = true;
  return processPartialResponse(event, processRecord, processor, { context, skipGroupOnError });
};
