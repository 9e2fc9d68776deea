import { CreateStreamCommand } from "@aws-sdk/client-kinesis";
import { CreateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import type { CreateEventSourceMappingCommandInput, EventSourceMappingConfiguration } from "@aws-sdk/client-lambda";
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
