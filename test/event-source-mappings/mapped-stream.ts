import { readFileSync } from "node:fs";
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateStreamCommand, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import {
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  GetEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import type {
  CreateEventSourceMappingCommandInput,
  CreateFunctionCommandInput,
  EventSourceMappingConfiguration,
} from "@aws-sdk/client-lambda";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import type { TimelineEntry } from "@localemu/control";
import { zipSync } from "fflate";
import { clientsOf } from "../emulator/emulator.ts";
import type { TestEmulator } from "../emulator/emulator.ts";

export type EntryOf<Type> = Extract<TimelineEntry, { readonly type: Type }>;

/** A record of the stream, which tells the function what to do with it. */
export interface Order {
  readonly id: number;
  /** The partition key. Default: `customer`. */
  readonly customer?: string;
  /** `throw`, `exit` and `hang` end the invocation; `report` names the record in the answer. */
  readonly fail?: "throw" | "exit" | "hang" | "report";
  /** It fails as often as this in one process, then no more: for streams of one shard. Default: always. */
  readonly times?: number;
  /** What the function answers instead. */
  readonly say?: unknown;
}

export const streamArn = "arn:aws:kinesis:us-east-1:000000000000:stream/orders";
export const functionArn = "arn:aws:lambda:us-east-1:000000000000:function:orders-fn";
export const queueArn = "arn:aws:sqs:us-east-1:000000000000:orders-dlq";
export const role = "arn:aws:iam::000000000000:role/orders";
export const toQueue = { OnFailure: { Destination: queueArn } } as const;

const handler = readFileSync(new URL("./function/index.mjs", import.meta.url));

/** A world with a stream `orders`, a queue `orders-dlq` and a function `orders-fn`, and mappings between them. */
export class MappedStream implements AsyncDisposable {
  readonly emu: TestEmulator["emu"];
  readonly clients: ReturnType<typeof clientsOf>;

  constructor(emu: TestEmulator["emu"]) {
    this.emu = emu;
    this.clients = clientsOf(emu);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.emu.close();
  }

  async createFunction(change: Partial<CreateFunctionCommandInput> = {}, code: string | Buffer = handler) {
    const { lambda } = this.clients;
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: "orders-fn",
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Role: role,
        Code: { ZipFile: zipSync({ "index.mjs": Buffer.from(code) }) },
        ...change,
      }),
    );
  }

  /** Maps the stream to the function, from its beginning; gives the mapping's UUID. */
  async map(change: Partial<CreateEventSourceMappingCommandInput> = {}): Promise<string> {
    const { UUID = "" } = await this.clients.lambda.send(
      new CreateEventSourceMappingCommand({
        EventSourceArn: streamArn,
        FunctionName: "orders-fn",
        StartingPosition: "TRIM_HORIZON",
        ...change,
      }),
    );
    return UUID;
  }

  /** Puts orders with one call; gives their sequence numbers. */
  async put(...entries: readonly Order[]): Promise<readonly string[]> {
    const { Records = [] } = await this.clients.kinesis.send(
      new PutRecordsCommand({
        StreamName: "orders",
        Records: entries.map(({ customer = "customer", ...order }) => ({
          Data: Buffer.from(JSON.stringify(order)),
          PartitionKey: customer,
        })),
      }),
    );
    return Records.map(({ SequenceNumber = "" }) => SequenceNumber);
  }

  /** The ids of each batch that a function was given, in the order of its invocations. */
  async batches(functionName = "orders-fn"): Promise<readonly (readonly number[])[]> {
    const invoked = (await this.events("function.invoked")).filter((event) => event.functionName === functionName);
    if (invoked.length === 0) return [];
    const lines = await this.logged(functionName, "batch");
    return invoked.flatMap(({ requestId }) =>
      lines.flatMap((line) => {
        if (line.requestId !== requestId) return [];
        const { batch }: { batch: readonly number[] } = JSON.parse(line.json);
        return [batch];
      }),
    );
  }

  /** The JSON objects that a function logged and that hold `word`, with the invocations that did. */
  async logged(functionName: string, word: string): Promise<readonly { requestId: string; json: string }[]> {
    const { events = [] } = await this.clients.logs.send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${functionName}`, filterPattern: word }),
    );
    return events.map(({ message = "" }) => {
      const [, requestId = "", , json = ""] = message.trimEnd().split("\t");
      return { requestId, json };
    });
  }

  /** The bodies of the messages in the dead-letter queue. */
  async reports(): Promise<readonly string[]> {
    return (await this.emu.queue("orders-dlq").messages()).map(({ body }) => body);
  }

  async mapping(UUID: string): Promise<EventSourceMappingConfiguration> {
    return this.clients.lambda.send(new GetEventSourceMappingCommand({ UUID }));
  }

  /** What the timeline says, of one type. */
  async events<Type extends TimelineEntry["type"]>(type: Type): Promise<readonly EntryOf<Type>[]> {
    const isOfType = (entry: TimelineEntry): entry is EntryOf<Type> => entry.type === type;
    return (await this.emu.timeline()).filter(isOfType);
  }
}

/** Makes such a world on a server; disposing of it ends it. */
export async function mappedStream(
  server: TestEmulator,
  { shards = 1, frozen = false }: { readonly shards?: number; readonly frozen?: boolean } = {},
): Promise<MappedStream> {
  const world = new MappedStream(await server.emu.createWorld());
  if (frozen) await world.emu.clock.freeze();
  await world.clients.kinesis.send(new CreateStreamCommand({ StreamName: "orders", ShardCount: shards }));
  await world.clients.sqs.send(new CreateQueueCommand({ QueueName: "orders-dlq" }));
  await world.createFunction();
  return world;
}

/** Orders with the ids from `first` to `last`. */
export function orders(first: number, last: number, order: Omit<Order, "id"> = {}): readonly Order[] {
  return Array.from({ length: last - first + 1 }, (_, index) => ({ ...order, id: first + index }));
}
