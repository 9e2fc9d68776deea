import { orderOf } from "./order.ts";

interface Event {
  readonly Records: readonly { readonly kinesis: { readonly data: string } }[];
}

export async function handler({ Records }: Event): Promise<number[]> {
  return Records.map(({ kinesis }) => orderOf(kinesis.data).id);
}
