import middy from "@middy/core";
import eventNormalizer from "@middy/event-normalizer";

/** What Promise.allSettled found, as an answer to a mapping of a stream. */
const reportFailures = () => ({
  after: (request) => {
    const { response, event } = request;
    request.response = {
      batchItemFailures: event.Records.filter((_, index) => response[index].status === "rejected").map(
        ({ kinesis }) => ({ itemIdentifier: kinesis.sequenceNumber }),
      ),
    };
  },
});

const processRecord = async ({ kinesis: { data } }, signal) => {
  if (data.fail === "hang") {
    await new Promise((_, reject) => {
      const hanging = setInterval(() => {}, 60_000);
      signal.addEventListener("abort", () => {
        clearInterval(hanging);
        reject(signal.reason);
      });
    });
  }
  if (data.fail === "throw") throw new Error(`order ${data.id} cannot be processed`);
  console.log(JSON.stringify({ done: data.id }));
};

/** The normalizer has decoded and parsed the records' data. */
export const handler = middy({
  timeoutEarlyInMillis: 900,
  timeoutEarlyResponse: () => {
    throw new Error("out of time");
  },
})
  .use(eventNormalizer())
  .use(reportFailures())
  .handler(async ({ Records }, context, { signal }) => {
    console.log(JSON.stringify({ batch: Records.map(({ kinesis }) => kinesis.data.id) }));
    return Promise.allSettled(Records.map((record) => processRecord(record, signal)));
  });
