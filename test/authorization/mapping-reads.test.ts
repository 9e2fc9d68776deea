import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateStreamCommand,
  DescribeStreamConsumerCommand,
  PutRecordCommand,
  RegisterStreamConsumerCommand,
} from "@aws-sdk/client-kinesis";
import { CreateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import type { TimelineEntry } from "@localemu/control";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTable, tableClients } from "../dynamodb/tables.ts";
import { startTestEmulator } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";
import { createFunction } from "../lambda/lambda-api.ts";
import { account, allow, createRole, judgements, putStatements } from "./roles.ts";

const minute = 60_000;
let server: TestEmulator;

beforeAll(async () => {
  server = await startTestEmulator({ enforceIam: "1", clock: "frozen" });
});

afterAll(() => server[Symbol.asyncDispose]());

/** Where the mapping reads, what that needs, and what brings it one record more. */
interface Source {
  readonly arn: string;
  readonly actions: readonly string[];
  put(): Promise<unknown>;
}

async function table(): Promise<Source> {
  const clients = tableClients(server.emu);
  const arn = await createTable(clients, "orders");
  let id = 0;
  const put = () =>
    clients.dynamodb.send(new PutItemCommand({ TableName: "orders", Item: { id: { S: String((id += 1)) } } }));
  return { arn, put, actions: ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream"] };
}

async function consumer(): Promise<Source> {
  const { kinesis, emu } = server;
  await kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: 1 }));
  await emu.clock.advance(minute);
  const StreamARN = `arn:aws:kinesis:us-east-1:${account}:stream/orders`;
  const { Consumer } = await kinesis.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: "reader" }));
  await emu.clock.advance(minute);
  const { ConsumerDescription } = await kinesis.send(
    new DescribeStreamConsumerCommand({ ConsumerARN: Consumer?.ConsumerARN }),
  );
  expect(ConsumerDescription?.ConsumerStatus).toBe("ACTIVE");
  const put = () =>
    kinesis.send(new PutRecordCommand({ StreamName: "orders", Data: Buffer.from("1"), PartitionKey: "p" }));
  const actions = ["kinesis:SubscribeToShard", "kinesis:DescribeStream", "kinesis:ListShards"];
  return { arn: Consumer?.ConsumerARN ?? "", put, actions };
}

async function queue(QueueName = "orders"): Promise<Source> {
  const { QueueUrl } = await server.sqs.send(new CreateQueueCommand({ QueueName }));
  const put = () => server.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "1" }));
  const actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
  return { arn: `arn:aws:sqs:us-east-1:${account}:${QueueName}`, put, actions };
}

async function map(name: string, { arn, actions }: Source) {
  const Role = await createRole(server, name, [allow(actions)]);
  await createFunction(server.lambda, name, { Role });
  await server.emu.idle();
  const StartingPosition = arn.includes(":sqs:") ? undefined : ("TRIM_HORIZON" as const);
  const { UUID } = await server.lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName: name, EventSourceArn: arn, StartingPosition }),
  );
  return async (type: TimelineEntry["type"]): Promise<number> =>
    (await server.emu.timeline()).filter((entry) => entry.type === type && "mapping" in entry && entry.mapping === UUID)
      .length;
}

test.each([
  ["table", table, "dynamodb:GetRecords"],
  ["consumer", consumer, "kinesis:SubscribeToShard"],
  ["queue", queue, "sqs:ReceiveMessage"],
] as const)("a mapping of a %s reads while its function's role may", async (name, open, taken) => {
  const source = await open();
  const count = await map(name, source);
  await source.put();
  await server.emu.clock.advance(minute);
  expect(await count("mapping.batchSucceeded")).toBe(1);
  await putStatements(server.emu, name, [allow(source.actions.filter((action) => action !== taken))]);
  await source.put();
  await server.emu.clock.advance(minute);
  expect(await count("mapping.batchSucceeded")).toBe(1);
  expect((await judgements(server.emu)).at(-1)).toMatchObject({
    outcome: "denied",
    caller: `arn:aws:sts::${account}:assumed-role/${name}/${name}`,
    action: taken,
    resource: source.arn,
  });
  await putStatements(server.emu, name, [allow(source.actions)]);
  await server.emu.clock.advance(minute);
  expect(await count("mapping.batchSucceeded")).toBe(2);
});

test("a queue whose messages the role may not delete gives them again", async () => {
  const source = await queue("kept");
  const count = await map("no-deleter", source);
  await putStatements(server.emu, "no-deleter", [allow(["sqs:ReceiveMessage", "sqs:GetQueueAttributes"])]);
  await source.put();
  await server.emu.idle();
  expect([await count("mapping.batchSucceeded"), await count("mapping.messagesNotDeleted")]).toEqual([1, 1]);
  expect((await judgements(server.emu)).at(-1)).toMatchObject({ outcome: "denied", action: "sqs:DeleteMessage" });
  await putStatements(server.emu, "no-deleter", [allow(source.actions)]);
  await server.emu.clock.advance(minute);
  expect([await count("mapping.batchSucceeded"), await count("mapping.messagesNotDeleted")]).toEqual([2, 1]);
  await server.emu.clock.advance(minute);
  expect(await count("mapping.batchSucceeded")).toBe(2);
});
