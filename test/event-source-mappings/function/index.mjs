const tries = new Map();

/**
 * Does what its records tell it to (see `Order` in `mapped-stream.ts`), and logs each batch that it is given.
 * An order is tried as often as this process has seen it.
 */
export const handler = async (event) => {
  const orders = event.Records.map(({ kinesis }) => ({
    ...JSON.parse(Buffer.from(kinesis.data, "base64")),
    sequenceNumber: kinesis.sequenceNumber,
  }));
  console.log(JSON.stringify({ batch: orders.map(({ id }) => id) }));
  const failures = [];
  let answer;
  for (const order of orders) {
    const { id, sequenceNumber, fail, times = Infinity, say } = order;
    tries.set(sequenceNumber, (tries.get(sequenceNumber) ?? 0) + 1);
    if ("say" in order) answer = { text: say };
    if (tries.get(sequenceNumber) > times) continue;
    if (fail === "throw") throw new Error(`order ${id} cannot be processed`);
    if (fail === "exit") process.exit(3);
    if (fail === "hang") await new Promise(() => setInterval(() => {}, 1e6));
    if (fail === "report") failures.push({ itemIdentifier: sequenceNumber });
  }
  return answer === undefined ? { batchItemFailures: failures } : answer.text;
};
