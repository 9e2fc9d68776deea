/** Does what its messages tell it to (see `Job` in `mapped-queue.ts`), and logs each batch that it is given. */
export const handler = async (event) => {
  const jobs = event.Records.map(({ messageId, attributes, body }) => ({
    ...JSON.parse(body),
    messageId,
    receives: Number(attributes.ApproximateReceiveCount),
  }));
  console.log(JSON.stringify({ batch: jobs.map(({ id }) => id) }));
  const failures = [];
  let answer;
  for (const job of jobs) {
    const { id, messageId, receives, fail, times = Infinity, say, takesMs } = job;
    if (takesMs !== undefined) await new Promise((resolve) => setTimeout(resolve, takesMs));
    if ("say" in job) answer = { text: say };
    if (receives > times) continue;
    if (fail === "throw") throw new Error(`job ${id} cannot be done`);
    if (fail === "report") failures.push({ itemIdentifier: messageId });
  }
  return answer === undefined ? { batchItemFailures: failures } : answer.text;
};
