export interface Order {
  readonly id: number;
}

/** Throws an Error for what is none. */
export function orderOf(data: string): Order {
  const order: Partial<Order> = JSON.parse(Buffer.from(data, "base64").toString());
  if (order.id === undefined) throw new Error("an order without id");
  return { id: order.id };
}
