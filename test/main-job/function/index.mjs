/** Processes orders in sequence; one that is marked as poison makes the whole batch fail, as a real handler would. */
export const handler = async (event) => {
  const orders = event.Records.map((record) => JSON.parse(Buffer.from(record.kinesis.data, "base64")));
  for (const order of orders) {
    if (order.poison) throw new Error(`poison in order ${order.id}`);
  }
  console.log(JSON.stringify({ processed: orders.map((order) => order.id) }));
};
