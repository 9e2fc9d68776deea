import middy from "@middy/core";
import eventNormalizer from "@middy/event-normalizer";
import reportFailures from "@middy/sqs-partial-batch-failure";

const processMessage = async ({ body: { id, fail } }) => {
  if (fail !== undefined) throw new Error(`job ${id} failed`);
  console.log(JSON.stringify({ done: id }));
};

/** The normalizer has parsed the messages' bodies. */
export const handler = middy()
  .use(eventNormalizer())
  .use(reportFailures())
  .handler(({ Records }) => Promise.allSettled(Records.map(processMessage)));
