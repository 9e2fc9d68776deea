import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageBatchCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { QueueHandle } from "@localemu/testkit";
import { clientsOf } from "../emulator/emulator.ts";
import { every } from "./calls.ts";
import { makeFunction, makeMapping, pickyHandler, poison, removeFunction, removeMapping } from "./make-function.ts";
import type { Bench, Work } from "./work.ts";

/** Of a message that failed until it is received again, and of a function; seconds. */
const timeout = 2;

/** Messages and items that mappings give to a function, which refuses some of them. */
export function queuesAndTables({ name, emu, calls, random }: Bench): Work {
  const { lambda, logs, sqs } = clientsOf(emu, { maxAttempts: 1 });
  const dynamodb = new DynamoDBClient({ ...emu.getClientConfig(), maxAttempts: 1 });
  const TableName = `${name}-table`;
  const names = [`${name}-dlq`, `${name}-changes-dlq`, `${name}-queue`];
  let queues: readonly QueueHandle[] = [];
  let mappings: readonly string[] = [];
  let poisoned: string[] = [];
  let poisonedItems = 0;
  let count = 0;

  const QueueUrl = () => queues[2]?.url;
  const isPoison = () => random() < 0.01;

  async function send(): Promise<void> {
    const MessageBody = `${count++} ${isPoison() ? poison : "good"}`;
    const answer = await calls.measure("SendMessage", () =>
      sqs.send(new SendMessageCommand({ QueueUrl: QueueUrl(), MessageBody })),
    );
    if (answer !== undefined && MessageBody.includes(poison)) poisoned.push(MessageBody);
  }

  async function sendMany(): Promise<void> {
    const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `m${index}`, MessageBody: `${count++} good` }));
    await calls.measure("SendMessageBatch", () =>
      sqs.send(new SendMessageBatchCommand({ QueueUrl: QueueUrl(), Entries })),
    );
  }

  /** Items come and go, so that the table keeps its size. */
  async function change(): Promise<void> {
    const id = { S: String(count++) };
    const isBad = isPoison();
    const Item = { id, text: { S: isBad ? poison : "x".repeat(200) } };
    const put = await calls.measure("PutItem", () => dynamodb.send(new PutItemCommand({ TableName, Item })));
    if (put !== undefined && isBad) poisonedItems++;
    await calls.measure("GetItem", () => dynamodb.send(new GetItemCommand({ TableName, Key: { id } })));
    await calls.measure("DeleteItem", () => dynamodb.send(new DeleteItemCommand({ TableName, Key: { id } })));
  }

  return {
    async prepare() {
      poisoned = [];
      poisonedItems = 0;
      const dlq = await emu.createQueue(names[0] ?? "");
      const changesDlq = await emu.createQueue(names[1] ?? "");
      const redrive = { queue: dlq, maxReceiveCount: 1 };
      const queue = await emu.createQueue(names[2] ?? "", { visibilityTimeoutSeconds: timeout, redrive });
      queues = [dlq, changesDlq, queue];
      const table = await emu.createTable(TableName);
      await makeFunction(lambda, name, pickyHandler, { Timeout: timeout });
      mappings = [
        await makeMapping(lambda, { EventSourceArn: queue.arn, FunctionName: name, BatchSize: 1 }),
        await makeMapping(lambda, {
          EventSourceArn: await table.streamArn(),
          FunctionName: name,
          StartingPosition: "TRIM_HORIZON",
          BisectBatchOnFunctionError: true,
          MaximumRetryAttempts: 0,
          DestinationConfig: { OnFailure: { Destination: changesDlq.arn } },
        }),
      ];
    },
    async run(until) {
      await Promise.all([every(100, until, send), every(1000, until, sendMany), every(100, until, change)]);
    },
    async finish() {
      const dead = new Set((await queues[0]?.messages())?.map(({ body }) => body));
      const reports = (await queues[1]?.messages()) ?? [];
      const left = (await queues[2]?.messages()) ?? [];
      await Promise.all(mappings.map((uuid) => removeMapping(lambda, uuid)));
      await removeFunction(lambda, logs, name);
      await emu.control.call("dynamodb", "DeleteTable", { TableName });
      for (const { url } of queues) await emu.control.call("sqs", "DeleteQueue", { QueueUrl: url });
      return [
        ...poisoned.filter((body) => !dead.has(body)).map((body) => `message ${body} is not in the dead-letter queue`),
        ...left.map(({ body }) => `message ${body} is left in the queue`),
        ...(poisonedItems > 0 && reports.length === 0 ? [`none of ${poisonedItems} items was reported`] : []),
      ];
    },
  };
}
