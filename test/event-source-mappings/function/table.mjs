const tries = new Map();

/** As `index.mjs`, of the items of a table: what an order is to do is in its attributes. */
export const handler = async (event) => {
  const orders = event.Records.map(({ eventName, dynamodb }) => {
    const { id, fail, times } = dynamodb.NewImage ?? dynamodb.OldImage ?? dynamodb.Keys;
    return { id: Number(id.N), fail: fail?.S, times: Number(times?.N ?? Infinity), eventName, ...dynamodb };
  });
  console.log(JSON.stringify({ batch: orders.map(({ id }) => id) }));
  const failures = [];
  for (const { id, fail, times, SequenceNumber: itemIdentifier } of orders) {
    tries.set(itemIdentifier, (tries.get(itemIdentifier) ?? 0) + 1);
    if (tries.get(itemIdentifier) > times) continue;
    if (fail === "throw") throw new Error(`order ${id} cannot be processed`);
    if (fail === "report") failures.push({ itemIdentifier });
  }
  const state = { count: (event.state?.count ?? 0) + orders.length };
  return { batchItemFailures: failures, ...(event.window && { state }) };
};
