import { CreateStreamCommand } from "@aws-sdk/client-kinesis";
import { CreateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import type { CreateEventSourceMappingCommandInput, EventSourceMappingConfiguration } from "@aws-sdk/client-lambda";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import type { TestEmulator } from "../emulator/emulator.ts";
import { createFunction } from "./lambda-api.ts";

export const streamArn = (name: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
export const mappingsPath = "/2015-03-31/event-source-mappings";

/** Makes a stream and a function of one name. */
export async function createPair({ kinesis, lambda }: TestEmulator, name: string): Promise<void> {
  await kinesis.send(new CreateStreamCommand({ StreamName: name, ShardCount: 1 }));
  await createFunction(lambda, name);
}

/** Maps the stream to the function of its name. */
export function createMapping(
  { lambda }: TestEmulator,
  name: string,
  change: Partial<CreateEventSourceMappingCommandInput> = {},
): Promise<EventSourceMappingConfiguration> {
  return lambda.send(
    new CreateEventSourceMappingCommand({
      EventSourceArn: streamArn(name),
      FunctionName: name,
      StartingPosition: "LATEST",
      ...change,
    }),
  );
}

export const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;

/** Makes a queue and a function of one name, but for the `.fifo`. */
export async function createQueuePair(
  { sqs, lambda }: TestEmulator,
  name: string,
  {
    queue = {},
    fn = {},
  }: { readonly queue?: Record<string, string>; readonly fn?: { readonly Timeout?: number } } = {},
): Promise<void> {
  const fifo = name.endsWith(".fifo") ? { FifoQueue: "true" } : {};
  await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { ...fifo, ...queue } }));
  await createFunction(lambda, name.replace(".fifo", ""), fn);
}

/** Maps the queue to the function of its name. */
export function createQueueMapping(
  { lambda }: TestEmulator,
  name: string,
  change: Partial<CreateEventSourceMappingCommandInput> = {},
): Promise<EventSourceMappingConfiguration> {
  const FunctionName = name.replace(".fifo", "");
  return lambda.send(new CreateEventSourceMappingCommand({ EventSourceArn: queueArn(name), FunctionName, ...change }));
}

/** Makes a stream, a function and their mapping; gives the mapping's UUID once it is Enabled. */
export async function createMapped(
  server: TestEmulator,
  name: string,
  change: Partial<CreateEventSourceMappingCommandInput> = {},
): Promise<string> {
  await createPair(server, name);
  const { UUID = "" } = await createMapping(server, name, change);
  await server.emu.idle();
  return UUID;
}
