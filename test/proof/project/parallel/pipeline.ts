import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { connect } from "@localemu/testkit";
import type { LocalEmu } from "@localemu/testkit";
import { test } from "@localemu/vitest";
import { expect, inject } from "vitest";

/** How many files run this at the same time. */
const files = 8;
const rounds = 5;
const recordsOfRound = 20;

interface Order {
  readonly file: string;
  readonly id: number;
}

interface KinesisEvent {
  readonly Records: readonly { readonly kinesis: { readonly data: string } }[];
}

/** Each file begins when all have come, so that all work at the same time: they meet in the emulator's default world. */
async function meetTheOthers(file: string): Promise<void> {
  await using all = await connect(inject("localemuEndpoint"));
  const gate = await all.createStream("gate").catch(() => all.stream("gate"));
  await gate.put(file, { partitionKey: file });
  const here = async (): Promise<number> => new Set((await gate.records()).map(({ data }) => data)).size;
  await expect.poll(here, { timeout: 30_000 }).toBe(files);
}

/** The names are those of every other file; each record, message and variable says which file it is of. */
export function testPipelineOf(file: string): void {
  test(`the pipeline of file ${file} sees its own records alone`, { timeout: 60_000 }, async ({ emu }) => {
    await meetTheOthers(file);
    const stream = await emu.createStream("orders", { shards: 2 });
    const failed = await emu.createQueue("orders-failed");
    const received: Order[] = [];
    const environment = { FILE: file };
    const handler = async ({ Records }: KinesisEvent): Promise<void> => {
      const orders = Records.map(({ kinesis }): Order => JSON.parse(Buffer.from(kinesis.data, "base64").toString()));
      received.push(...orders);
      if (orders.some(({ id }) => id === 0)) throw new Error(`poisoned in ${file}`);
    };
    await using fn = await emu.attachHandler("orders-fn", handler, { environment });
    const mapping = await fn.listen(stream, { batchSize: 7, bisectOnError: true, maxRetries: 1, onFailure: failed });

    const clients = { kinesis: new KinesisClient({}), sqs: new SQSClient({}), lambda: new LambdaClient({}) };
    for (let round = 0; round < rounds; round++) {
      const orders = Array.from({ length: recordsOfRound }, (_, index) => ({
        file,
        id: round * recordsOfRound + index,
      }));
      const Records = orders.map((order) => ({
        PartitionKey: `key-${order.id % 10}`,
        Data: Buffer.from(JSON.stringify(order)),
      }));
      await clients.kinesis.send(new PutRecordsCommand({ StreamName: "orders", Records }));
    }
    const queue = await emu.createQueue("jobs");
    await clients.sqs.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: JSON.stringify({ file }) }));
    await emu.idle();

    await expect(stream).toHaveRecordTimes(rounds * recordsOfRound);
    await expect(stream).toHaveRecordTimes(rounds * recordsOfRound, { file });
    await expect(mapping).toHaveCaughtUp();
    expect(received.filter((order) => order.file !== file)).toEqual([]);
    expect(new Set(received.map(({ id }) => id)).size).toBe(rounds * recordsOfRound);
    await expect(failed).toHaveFailedRecord({ file, id: 0 });
    expect(await failed.messages()).toHaveLength(1);
    expect((await queue.messages()).map(({ data }) => data)).toEqual([{ file }]);
    const { Environment } = await clients.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: "orders-fn" }),
    );
    expect(Environment?.Variables).toEqual(environment);
    for (const client of Object.values(clients)) client.destroy();
    await expectOwnTime(emu, file);
  });
}

/** Moves its world's time by a span that no other file moves its own by. */
async function expectOwnTime(emu: LocalEmu, file: string): Promise<void> {
  const minutes = file.charCodeAt(0);
  await emu.clock.freeze();
  const { now } = await emu.clock.read();
  for (let count = 0; count < 5; count++) await emu.clock.advance(minutes * 60_000);
  expect(await emu.clock.read()).toEqual({ mode: "frozen", now: now + 5 * minutes * 60_000 });
  expect(await emu.mappings()).toHaveLength(1);
}
