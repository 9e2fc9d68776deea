import { createHash } from "node:crypto";
import { refusing } from "./refusing.ts";

interface Order {
  readonly id: number;
}

export async function handler(order: Order): Promise<object> {
  if (order.id < 0) refusing(order.id);
  return { id: order.id, table: process.env["TABLE"], digest: createHash("md5").update("a").digest("hex").slice(0, 4) };
}

export const other = async (): Promise<string> => "other";
