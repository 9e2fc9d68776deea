const tries = new Map();

/**
 * Sums the amounts of its window's orders, and logs what it is given.
 * An order may ask for a failure (see `Order` in `mapped-stream.ts`), or for a `padding` of the state of so many bytes.
 */
export const handler = async (event) => {
  const { state, window, shardId, isFinalInvokeForWindow: final, isWindowTerminatedEarly: early } = event;
  const orders = event.Records.map(({ kinesis }) => ({
    ...JSON.parse(Buffer.from(kinesis.data, "base64")),
    sequenceNumber: kinesis.sequenceNumber,
  }));
  const ids = orders.map(({ id }) => id);
  console.log(JSON.stringify({ given: { ids, sum: state?.sum ?? 0, window: window?.start, shardId, final, early } }));
  const next = { sum: state?.sum ?? 0, closings: state?.closings };
  if (final && (tries.get(window.start) ?? 0) < (next.closings ?? 0)) {
    tries.set(window.start, (tries.get(window.start) ?? 0) + 1);
    throw new Error("the window cannot be closed");
  }
  for (const { id, amount, padding, closings, fail, times = Infinity, say, sequenceNumber } of orders) {
    tries.set(sequenceNumber, (tries.get(sequenceNumber) ?? 0) + 1);
    if (tries.get(sequenceNumber) <= times) {
      if (say !== undefined) return say;
      if (fail === "throw") throw new Error(`order ${id} cannot be processed`);
      if (fail === "report") return { state: next, batchItemFailures: [{ itemIdentifier: sequenceNumber }] };
    }
    next.sum += amount;
    next.closings ??= closings;
    if (padding !== undefined) next.padding = "x".repeat(padding);
  }
  return { state: next, batchItemFailures: [] };
};
