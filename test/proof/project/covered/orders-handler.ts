interface KinesisEvent {
  readonly Records: readonly { readonly kinesis: { readonly data: string } }[];
}

/** Some lines and one side of each branch are run by the test beside it, the others are not. */
export async function handler({ Records }: KinesisEvent): Promise<{ readonly kept: number }> {
  let kept = 0;
  for (const { kinesis } of Records) {
    const order: { readonly cancelled?: boolean } = JSON.parse(Buffer.from(kinesis.data, "base64").toString());
    if (order.cancelled === true) {
      await refund();
    } else {
      kept++;
    }
  }
  return { kept };
}

async function refund(): Promise<void> {
  throw new Error("not reached by the test");
}
