interface KinesisEvent {
  readonly Records: readonly { readonly kinesis: { readonly data: string } }[];
}

export const received: unknown[] = [];

export async function handler({ Records }: KinesisEvent): Promise<void> {
  for (const { kinesis } of Records) received.push(JSON.parse(Buffer.from(kinesis.data, "base64").toString()));
}
